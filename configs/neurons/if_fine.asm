; Integrate-and-fire neuron without leak and with a wide voltage (NIR: IF): if.asm, but inputs count in units
; of 1 and the voltage has 31 bits, so that a neuron that is inhibited for a long time forgets nothing. The
; threshold stands in the state: neurons that differ in it still form one group.
;
;   v = clip(v + input + bias)             at +-(2^30 - 1)
;   spike if v > vth; then v = 0, or v - vth with soft_reset

.arg vth        0..1073741823              ; threshold; a spike needs v above it
.arg bias       -8388607..8388607 = 0      ; added to the voltage in every step
.arg soft_reset 0..1 = 0                   ; 1: a spike subtracts the threshold instead of clearing v
.arg v          -1073741823..1073741823 = 0 ; voltage at the start

.acc input -8388608..8388607

.param kept = -soft_reset                  ; a mask: what stays of the excess
.param highest = (1 << 30) - 1
.param lowest = 1 - (1 << 30)

.state v = v
.state bias = bias
.state threshold = vth

        rdc     r0, input
        add     r0, r0, bias
        add     v, v, r0
        max     v, v, lowest
        min     v, v, highest
        cmp.gt  v, threshold
        spk?f   #1
        sub?f   v, v, threshold
        and?f   v, v, kept
        end
