; Loihi 1's compartment: current-based leaky integrate and fire, bit for bit.
;
; Order of a step, widths and roundings follow the published recordings of the chip and the
; bit-accurate public models (nengo-loihi, brian2_loihi, lava); arguments have the chip's ranges.
;   q = wrap22(input << 6)              the dendritic accumulator, + noise if it acts on the current
;   u = wrap24(decay(u) + q)            new input is not decayed in the step in which it arrives
;   s = wrap24(u + bias)                + noise if it acts on the membrane; not stored
;   v = clip(decay(v) + s, vmin, vmax)  0 while refractory
;   spike if v > threshold; then v = 0
; Quantities that often differ between neurons are state words, so that such neurons still form one
; group; the others are parameters of the group.

.arg decay_u           0..4096 = 4096      ; share of the current that decays per step, in 1/4096 (effective: the chip's register + 1)
.arg decay_v           0..4096 = 0         ; share of the voltage that decays per step, in 1/4096
.arg vth               0..131071           ; threshold mantissa, times 64; a spike needs v above it
.arg bias              -4096..4095 = 0     ; bias mantissa, added to the voltage in every step
.arg bias_exp          0..7 = 0            ; bias exponent: the bias is bias << bias_exp
.arg refract           1..64 = 1           ; a spike is followed by refract - 1 steps with v = 0
.arg vmin_exp          0..23 = 23          ; the voltage is at least 1 - 2^vmin_exp
.arg vmax_exp          0..7 = 7            ; the voltage is at most 2^(9 + 2 * vmax_exp) - 1
.arg noise_enable      0..1 = 0            ; 1: this neuron gets noise
.arg noise_exp         0..23 = 7           ; noise = trunc((r + 64 * noise_offset) * 2^(noise_exp - 7)), r uniform in -127..127
.arg noise_offset      -64..63 = 0         ; offset of the noise in units of 64 before scaling
.arg noise_at_membrane 0..1 = 0            ; 0: noise is added to the current, 1: to the voltage

.scaled vth = 1                            ; in units of the weights with scale: auto
.scaled bias = 64, bias_exp
.timed decay_u = 4096
.timed decay_v = 4096
.timed refract

.const kDecayBits = 12
.const kInputBits = 6                      ; accumulators and thresholds count in units of 2^6
.const kNoiseBits = 8
.const kNoiseShift = 7

.acc input -32768..32767

.param keep_u = (1 << kDecayBits) - decay_u
.param keep_v = (1 << kDecayBits) - decay_v
.param vmin = 1 - (1 << vmin_exp)
.param vmax = (1 << (9 + 2 * vmax_exp)) - 1
.param refract = refract
.param noise_offset = noise_offset * 64
.param noise_scale = 1 << noise_exp
.param noise_at_membrane = noise_at_membrane

.state v
.state u
.state bias = bias << bias_exp
.state threshold = vth << kInputBits
.state ref                                 ; refract at a spike, then one less per step
.state noise_on = noise_enable

; What a probe of the chip's voltage register reads: while refractory it holds a counter.
.view v_chip = ref > 0 ? (refract << 7) + refract - ref : v

        rdc.w22 r0, input, kInputBits

        cmp.eq  noise_on, #0
        bf?f    quiet
        rnd.s   r1, kNoiseBits
        add     r1, r1, noise_offset
        mulz    r1, r1, noise_scale, kNoiseShift
        cmp.ne  noise_at_membrane, #0
        mov?f   r2, r1                     ; otherwise r2 stays 0
        add.w22?n r0, r0, r1
quiet:
        mulz    r1, u, keep_u, kDecayBits
        add.w24 u, r1, r0
        add     r3, u, bias
        add.w24 r3, r3, r2
        mulz    r1, v, keep_v, kDecayBits
        add     r1, r1, r3
        max     r1, r1, vmin
        min     r1, r1, vmax

        max     ref, ref, #1
        sub     ref, ref, #1
        cmp.gt  ref, #0
        sel     v, #0, r1

        cmp.gt  v, threshold
        spk?f   #1
        mov?f   v, #0
        mov?f   ref, refract
        end
