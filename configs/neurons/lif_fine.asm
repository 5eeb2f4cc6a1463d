; Leaky integrate-and-fire neuron with fine decays and wide states: lif.asm with decays in 1/2^20 instead of
; 1/4096, so that long time constants stay what they are, and with 30 bits for current and voltage, so that
; strong inhibition is not clipped. Decays and threshold stand in the state: neurons that differ in them
; still form one group.
;
;   u = clip(decay(u) + (input << 6)); v = clip(decay(v) + u + bias)     at +-(2^29 - 1)
;   spike if v > vth << 6; then v = 0, or v - (vth << 6) with soft_reset
;   decay(x) = x * (2^20 - d) / 2^20, toward zero

.arg du         0..1048576 = 1048576       ; decay of the current, in 1/2^20
.arg dv         0..1048576 = 0             ; decay of the voltage, in 1/2^20
.arg vth        0..8388607                 ; threshold mantissa, times 64; a spike needs v above it
.arg bias       -8388607..8388607 = 0      ; added to the voltage in every step
.arg soft_reset 0..1 = 0                   ; 1: a spike subtracts the threshold instead of clearing v
.arg u          -536870911..536870911 = 0   ; current at the start
.arg v          -536870911..536870911 = 0   ; voltage at the start
.timed du = 1048576
.timed dv = 1048576

.const kDecayBits = 20
.const kInputBits = 6                      ; inputs and thresholds count in units of 2^6

.acc input -8388608..8388607

.param kept = -soft_reset                  ; a mask: what stays of the excess
.param highest = (1 << 29) - 1
.param lowest = 1 - (1 << 29)

.state u = u
.state v = v
.state bias = bias
.state keep_u = (1 << kDecayBits) - du
.state keep_v = (1 << kDecayBits) - dv
.state threshold = vth << kInputBits

        rdc     r0, input, kInputBits
        mulz    r1, u, keep_u, kDecayBits
        add     u, r1, r0
        max     u, u, lowest
        min     u, u, highest
        mulz    r1, v, keep_v, kDecayBits
        add     r1, r1, bias
        add     v, r1, u
        max     v, v, lowest
        min     v, v, highest
        cmp.gt  v, threshold
        spk?f   #1
        sub?f   v, v, threshold
        and?f   v, v, kept
        end
