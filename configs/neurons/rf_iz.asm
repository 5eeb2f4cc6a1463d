; lava's resonate-and-fire neuron with Izhikevich's reset, fixed point, bit for bit: rf.asm's
; rotation, but it spikes on the imaginary axis and starts over from there.
;
;   spike if im' >= vth; then re' = 0 and im' = vth - 1

.arg sin_decay  -65535..65535              ; damped sine of the angle per step, times 2^decay_bits; see rf.asm
.arg cos_decay  -65535..65535              ; damped cosine of the angle per step, times 2^decay_bits
.arg decay_bits 1..16 = 12                 ; fraction bits of the two
.arg vth        0..8388607                 ; threshold in units of the state: 2^state_exp of the input
.arg state_exp  0..16 = 6                  ; inputs count 2^state_exp

.const kDecayBits = 16                     ; largest decay_bits; the same product with more fraction bits

.acc a_re -32768..32767
.acc a_im -32768..32767

.param gain = 1 << state_exp
.param threshold = vth
.param below = vth - 1

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

        cmp.ge  r3, threshold
        spk?f   #1
        sel     real, #0, r2
        sel     imag, below, r3
        end
