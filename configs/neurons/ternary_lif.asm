; lava's ternary leaky integrate-and-fire neuron, bit for bit: lif.asm with two thresholds.
;
;   s = (v > vth_hi << 6) - (v < vth_lo << 6)     the payload: -1, 0 or 1
;   if s is not 0: spike, v = 0                   where both hold, s is 0

.arg du       -1..4095 = 4095              ; decay of the current, in 1/4096, less one: -1 keeps it, 4095 clears it
.arg dv       0..4096 = 0                  ; decay of the voltage, in 1/4096
.arg vth_hi   -131072..131071              ; upper threshold mantissa, times 64; +1 needs v above it
.arg vth_lo   -131072..131071              ; lower threshold mantissa, times 64; -1 needs v below it
.arg bias     -4096..4095 = 0              ; bias mantissa, added to the voltage in every step
.arg bias_exp -8..7 = 0                    ; bias exponent; a negative one rounds down
.arg u        -8388607..8388608 = 0        ; current at the start
.arg v        -8388607..8388607 = 0        ; voltage at the start

.scaled vth_hi = 1                         ; in units of the weights with scale: auto
.scaled vth_lo = 1
.scaled bias = 64, bias_exp
.timed du = 4096, 1
.timed dv = 4096

.const kDecayBits = 12
.const kInputBits = 6                      ; inputs and thresholds count in units of 2^6

.acc input -131072..131071

.param keep_u = (1 << kDecayBits) - du - 1
.param keep_v = (1 << kDecayBits) - dv
.param upper = vth_hi << kInputBits
.param lower = vth_lo << kInputBits

.state u = u
.state v = v
.state bias = bias << max(bias_exp, 0) >> max(-bias_exp, 0)

        rdc     r0, input, kInputBits
        mulz    r1, u, keep_u, kDecayBits
        add.wl  u, r1, r0
        mulz    r1, v, keep_v, kDecayBits
        add     r1, r1, u
        add.sat v, r1, bias

        cmp.gt  v, upper
        sel     r2, #1, #0
        cmp.lt  v, lower
        sub?f   r2, r2, #1
        cmp.ne  r2, #0
        spk?f   r2
        mov?f   v, #0
        end
