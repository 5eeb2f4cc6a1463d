; Leaky integrate-and-fire neuron that subtracts the threshold at a spike: lif.asm, except that what
; exceeds the threshold is kept, so that the rate of spikes is proportional to the input.
;
;   u = wrap(decay(u) + (input << 6)); v = clip(decay(v) + u + bias)
;   spike if v > vth << 6; then v = v - (vth << 6)

.arg du       -1..4095 = 4095              ; decay of the current, in 1/4096, less one: -1 keeps it, 4095 clears it
.arg dv       0..4096 = 0                  ; decay of the voltage, in 1/4096
.arg vth      0..131071                    ; threshold mantissa, times 64; a spike needs v above it
.arg bias     -4096..4095 = 0              ; bias mantissa, added to the voltage in every step
.arg bias_exp -8..7 = 0                    ; bias exponent; a negative one rounds down
.arg u        -8388607..8388608 = 0        ; current at the start
.arg v        -8388607..8388607 = 0        ; voltage at the start

.scaled vth = 1                            ; in units of the weights with scale: auto
.scaled bias = 64, bias_exp
.timed du = 4096, 1
.timed dv = 4096

.const kDecayBits = 12
.const kInputBits = 6                      ; inputs and thresholds count in units of 2^6

.acc input -131072..131071

.param keep_u = (1 << kDecayBits) - du - 1
.param keep_v = (1 << kDecayBits) - dv
.param threshold = vth << kInputBits

.state u = u
.state v = v
.state bias = bias << max(bias_exp, 0) >> max(-bias_exp, 0)

        rdc     r0, input, kInputBits
        mulz    r1, u, keep_u, kDecayBits
        add.wl  u, r1, r0
        mulz    r1, v, keep_v, kDecayBits
        add     r1, r1, u
        add.sat v, r1, bias
        cmp.gt  v, threshold
        spk?f   #1
        sub?f   v, v, threshold
        end
