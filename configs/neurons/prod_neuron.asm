; lava's product neuron, bit for bit: the product of two inputs, scaled down, is the payload if it is
; beyond a threshold.
;
;   v = (first * second) >> exp, the product wrapped to 32 bits, the shift rounding down

.arg vth  0..8388607 = 1                   ; a message needs |v| above it
.arg exp  0..24 = 0                        ; fraction bits of the product that are dropped

.const kShift = 24                         ; largest exp

.acc first -8388608..8388607
.acc second -8388608..8388607

.param threshold = vth
.param scale = 1 << (kShift - exp)

        rdc     r0, first
        rdc     r1, second
        muls    r0, r0, r1, 0
        muls    r0, r0, scale, kShift
        abs     r1, r0
        cmp.gt  r1, threshold
        spk?f   r0
        end
