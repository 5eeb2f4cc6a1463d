; lava's GradedVec, bit for bit: passes its input on as payload if it is beyond a threshold, without
; memory. With `exp` it first scales the whole sum down, as lava's negative weight exponents do.

.arg vth  0..8388607 = 0                   ; a message needs |input >> exp| above it
.arg exp  0..24 = 0                        ; bits of the input that are dropped, rounding down; lava has 0

.const kShift = 24                         ; largest exp

.acc input -8388608..8388607

.param threshold = vth
.param scale = 1 << (kShift - exp)

        rdc     r0, input
        muls    r0, r0, scale, kShift
        abs     r1, r0
        cmp.gt  r1, threshold
        spk?f   r0
        end
