; lava's resonate-and-fire neuron, fixed point, bit for bit: a damped rotation in the complex plane
; that spikes once a turn while it swings far enough.
;
;   re' = clip(tz(cos * re) - tz(sin * im) + (a_re << state_exp))      at +-(2^23 - 1)
;   im' = clip(tz(sin * re) + tz(cos * im) + (a_im << state_exp))      tz: product >> decay_bits, toward zero
;   spike if re' >= vth and im' >= 0 and im < 0: it crosses the positive real axis; nothing is reset
; For a period in steps and a damping alpha per step, as lava computes them:
;   sin_decay = trunc((1 - alpha) * sin(2 pi / period) * 2^decay_bits), cos_decay alike.

.arg sin_decay  -65535..65535              ; damped sine of the angle per step, times 2^decay_bits
.arg cos_decay  -65535..65535              ; damped cosine of the angle per step, times 2^decay_bits
.arg decay_bits 1..16 = 12                 ; fraction bits of the two
.arg vth        0..8388607                 ; threshold in units of the state: 2^state_exp of the input
.arg state_exp  0..16 = 6                  ; inputs count 2^state_exp

.const kDecayBits = 16                     ; largest decay_bits; the same product with more fraction bits

.acc a_re -32768..32767
.acc a_im -32768..32767

.param gain = 1 << state_exp
.param threshold = vth

.state real
.state imag
.state cos = cos_decay << (kDecayBits - decay_bits)
.state sin = sin_decay << (kDecayBits - decay_bits)

        mulz    r2, cos, real, kDecayBits
        mulz    r3, sin, imag, kDecayBits
        sub     r2, r2, r3
        rdc     r0, a_re
        muls    r0, r0, gain, 0
        add.sat r2, r2, r0

        mulz    r3, sin, real, kDecayBits
        mulz    r4, cos, imag, kDecayBits
        add     r3, r3, r4
        rdc     r1, a_im
        muls    r1, r1, gain, 0
        add.sat r3, r3, r1

        cmp.ge      r2, threshold
        cmp.ge.and  r3, #0
        cmp.lt.and  imag, #0
        spk?f   #1
        mov     real, r2
        mov     imag, r3
        end
