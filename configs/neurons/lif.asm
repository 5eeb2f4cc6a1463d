; lava's leaky integrate-and-fire neuron (CUBA), fixed point, bit for bit.
;
;   u = wrap(decay(u) + (input << 6))     wraps once at 2^24: +2^23 itself stays
;   v = clip(decay(v) + u + bias)         at +-(2^23 - 1)
;   spike if v > vth << 6; then v = 0     u is kept
;   decay(x) = x * (4096 - d) / 4096, toward zero; for u with d = du + 1
; Like lava's model, and unlike loihi1_cuba.asm, nothing wraps before the voltage, and a spike is
; followed by no refractory step.

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
        add.sat r1, r1, bias
        cmp.gt  r1, threshold
        spk?f   #1
        sel     v, #0, r1
        end
