; lava's adaptive-threshold and refractory neuron (ATRLIF, lava-dl's ALIF), fixed point, bit for bit.
;
;   i     = wrap(decay(i) + (input << 6))       with delta_i + 1; wraps once at 2^24
;   v     = clip(decay(v) + i + bias)           at +-(2^23 - 1); never reset
;   theta = decay(theta - theta0) + theta0      theta0 = theta_0 << 6, where it starts
;   r     = decay(r)
;   spike if v - r >= theta; then r += 2 * theta and theta += theta_step << 6
; Decays are toward zero. theta and r are not limited: they wrap at 32 bits.

.arg delta_i     -1..4095                  ; decay of the current, in 1/4096, less one
.arg delta_v     0..4096                   ; decay of the voltage, in 1/4096
.arg delta_theta 0..4096                   ; decay of the threshold to theta_0, in 1/4096
.arg delta_r     0..4096                   ; decay of the refractory state, in 1/4096
.arg theta_0     0..131071                 ; resting threshold, times 64
.arg theta_step  0..131071 = 0             ; what a spike adds to the threshold, times 64
.arg bias        -4096..4095 = 0           ; bias mantissa, added to the voltage in every step
.arg bias_exp    -8..7 = 0                 ; bias exponent; a negative one rounds down
.arg i           -8388607..8388608 = 0     ; current at the start
.arg v           -8388607..8388607 = 0     ; voltage at the start
.arg r           -8388607..8388607 = 0     ; refractory state at the start

.scaled theta_0 = 1                        ; in units of the weights with scale: auto
.scaled theta_step = 1
.scaled bias = 64, bias_exp
.timed delta_i = 4096, 1
.timed delta_v = 4096
.timed delta_theta = 4096
.timed delta_r = 4096

.const kDecayBits = 12
.const kInputBits = 6                      ; inputs and thresholds count in units of 2^6

.acc input -131072..131071

.param keep_i = (1 << kDecayBits) - delta_i - 1
.param keep_v = (1 << kDecayBits) - delta_v
.param keep_theta = (1 << kDecayBits) - delta_theta
.param keep_r = (1 << kDecayBits) - delta_r
.param rest = theta_0 << kInputBits
.param rise = theta_step << kInputBits

.state i = i
.state v = v
.state theta = theta_0 << kInputBits
.state r = r
.state bias = bias << max(bias_exp, 0) >> max(-bias_exp, 0)

        rdc     r0, input, kInputBits
        mulz    r1, i, keep_i, kDecayBits
        add.wl  i, r1, r0
        mulz    r1, v, keep_v, kDecayBits
        add     r1, r1, i
        add.sat v, r1, bias
        sub     r1, theta, rest
        mulz    r1, r1, keep_theta, kDecayBits
        add     theta, r1, rest
        mulz    r, r, keep_r, kDecayBits

        sub     r1, v, r
        cmp.ge  r1, theta
        bf?n    done
        spk     #1
        shl     r1, theta, 1
        add     r, r, r1
        add     theta, theta, rise
done:   end
