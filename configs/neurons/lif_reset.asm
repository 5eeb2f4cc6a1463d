; lava's leaky integrate-and-fire neuron with a periodic reset, bit for bit: lif.asm, except that
; u and v are cleared before the update of every step t (the first is 1) with
; t mod reset_interval = reset_offset mod reset_interval.

.arg du       -1..4095 = 4095              ; decay of the current, in 1/4096, less one: -1 keeps it, 4095 clears it
.arg dv       0..4096 = 0                  ; decay of the voltage, in 1/4096
.arg vth      0..131071                    ; threshold mantissa, times 64; a spike needs v above it
.arg bias     -4096..4095 = 0              ; bias mantissa, added to the voltage in every step
.arg bias_exp -8..7 = 0                    ; bias exponent; a negative one rounds down
.arg reset_interval 1..1000000             ; steps from one reset to the next
.arg reset_offset   0..1000000 = 0         ; step of the first reset, modulo the interval
.arg u        -8388607..8388608 = 0        ; current at the start
.arg v        -8388607..8388607 = 0        ; voltage at the start

.scaled vth = 1                            ; in units of the weights with scale: auto
.scaled bias = 64, bias_exp
.timed du = 4096, 1
.timed dv = 4096
.timed reset_interval

.const kDecayBits = 12
.const kInputBits = 6                      ; inputs and thresholds count in units of 2^6

.acc input -131072..131071

.param keep_u = (1 << kDecayBits) - du - 1
.param keep_v = (1 << kDecayBits) - dv
.param threshold = vth << kInputBits
.param interval = reset_interval

.state u = u
.state v = v
.state bias = bias << max(bias_exp, 0) >> max(-bias_exp, 0)
.state wait = (reset_offset + reset_interval - 1) % reset_interval  ; steps left before the next reset

        cmp.eq  wait, #0
        mov?f   u, #0
        mov?f   v, #0
        mov?f   wait, interval
        sub     wait, wait, #1

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
