; lava's graded resonate-and-fire neuron (RFZero), fixed point, bit for bit: rf.asm's rotation; the
; payload is the real part where the phase passes zero.
;
;   u' = (lct * u >> 15) - (lst * v >> 15) + a_re      products wrapped to 32 bits,
;   v' = (lst * u >> 15) + (lct * v >> 15) + a_im      shifts rounding down
;   spike with payload u' if u' > uth and v' >= 0 and v < 0
; lava's products are 32 bits wide: keep |u| and |v| below 65536, or they wrap as they do there.
; For a period in steps and a damping alpha: lct = trunc((1 - alpha) * cos(2 pi / period) * 2^15), lst with sin.

.arg lst  -32768..32767                    ; damped sine of the angle per step, times 2^15
.arg lct  -32768..32767                    ; damped cosine of the angle per step, times 2^15
.arg uth  0..8388607                       ; threshold; a spike needs u above it

.const kDecayBits = 15

.acc a_re -8388608..8388607
.acc a_im -8388608..8388607

.param threshold = uth

.state u
.state v
.state lct = lct
.state lst = lst

        muls    r0, lct, u, 0
        shr     r0, r0, kDecayBits
        muls    r1, lst, v, 0
        shr     r1, r1, kDecayBits
        sub     r0, r0, r1
        muls    r2, lst, u, 0
        shr     r2, r2, kDecayBits
        muls    r3, lct, v, 0
        shr     r3, r3, kDecayBits
        add     r2, r2, r3
        rdc     r1, a_re
        add     r0, r0, r1
        rdc     r3, a_im
        add     r2, r2, r3

        cmp.gt      r0, threshold
        cmp.ge.and  r2, #0
        cmp.lt.and  v, #0
        spk?f   r0
        mov     u, r0
        mov     v, r2
        end
