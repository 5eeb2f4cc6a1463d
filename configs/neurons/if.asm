; Integrate-and-fire neuron without leak (NIR: IF): the voltage is the sum of all input.
;
;   v = clip(v + (input << 6) + bias)      at +-(2^23 - 1)
;   spike if v > vth << 6; then v = 0, or v - (vth << 6) with soft_reset

.arg vth        0..131071                  ; threshold mantissa, times 64; a spike needs v above it
.arg bias       -4096..4095 = 0            ; bias mantissa, added to the voltage in every step
.arg bias_exp   0..7 = 0                   ; bias exponent: the bias is bias << bias_exp
.arg soft_reset 0..1 = 0                   ; 1: a spike subtracts the threshold instead of clearing v
.arg v          -8388607..8388607 = 0      ; voltage at the start

.scaled vth = 1                            ; in units of the weights with scale: auto
.scaled bias = 64, bias_exp

.const kInputBits = 6                      ; inputs and thresholds count in units of 2^6

.acc input -131072..131071

.param threshold = vth << kInputBits
.param kept = -soft_reset                  ; a mask: what stays of the excess

.state v = v
.state bias = bias << bias_exp

        rdc     r0, input, kInputBits
        add     r0, r0, bias
        add.sat v, v, r0
        sub     r1, v, threshold
        and     r1, r1, kept
        cmp.gt  v, threshold
        spk?f   #1
        sel     v, r1, v
        end
