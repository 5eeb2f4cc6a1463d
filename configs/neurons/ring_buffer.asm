; Ring-buffer source: sends a stored sequence of payloads again and again, and takes no input. Step t,
; the first is 1, sends data[(t - 1 + offset) mod period]; a payload of 0 is no message (lava: the
; source RingBuffer).
;
; The data are packed into 14 words of 32 bits, w0 first and each from its lowest bit: an element has
; 2^width_exp bits, signed or not. So there are at most 448 >> width_exp of them: 448 spikes of 1 bit,
; 56 bytes, 28 payloads of 16 bits, 14 of 32 bits; elements beyond these are 0, a pause.

.arg period    1..16777215                 ; steps until the sequence starts again
.arg width_exp 0..5 = 5                    ; an element has 2^width_exp bits
.arg signed    0..1 = 1                    ; 1: elements are two's complement; 0: not negative (below 32 bits)
.arg offset    0..16777215 = 0             ; element of the first step, modulo the period
.arg w0         -2147483648..4294967295 = 0 ; word 0 of the data: its 32 bits, signed or not
.arg w1         -2147483648..4294967295 = 0 ; word 1 of the data: its 32 bits, signed or not
.arg w2         -2147483648..4294967295 = 0 ; word 2 of the data: its 32 bits, signed or not
.arg w3         -2147483648..4294967295 = 0 ; word 3 of the data: its 32 bits, signed or not
.arg w4         -2147483648..4294967295 = 0 ; word 4 of the data: its 32 bits, signed or not
.arg w5         -2147483648..4294967295 = 0 ; word 5 of the data: its 32 bits, signed or not
.arg w6         -2147483648..4294967295 = 0 ; word 6 of the data: its 32 bits, signed or not
.arg w7         -2147483648..4294967295 = 0 ; word 7 of the data: its 32 bits, signed or not
.arg w8         -2147483648..4294967295 = 0 ; word 8 of the data: its 32 bits, signed or not
.arg w9         -2147483648..4294967295 = 0 ; word 9 of the data: its 32 bits, signed or not
.arg w10        -2147483648..4294967295 = 0 ; word 10 of the data: its 32 bits, signed or not
.arg w11        -2147483648..4294967295 = 0 ; word 11 of the data: its 32 bits, signed or not
.arg w12        -2147483648..4294967295 = 0 ; word 12 of the data: its 32 bits, signed or not
.arg w13        -2147483648..4294967295 = 0 ; word 13 of the data: its 32 bits, signed or not
.timed period

.param width = 1 << width_exp
.param period = period
.param elements = 448 >> width_exp
.param bits = width_exp == 5 ? -1 : (1 << (1 << width_exp)) - 1            ; mask of an element
.param sign = signed != 0 && width_exp > 0 && width_exp < 5 ? 1 << ((1 << width_exp) - 1) : 0
.param bit_4 = 16
.param bit_5 = 32

.state w0 = w0 - ((w0 >> 31 & 1) << 32) * (w0 > 0)
.state w1 = w1 - ((w1 >> 31 & 1) << 32) * (w1 > 0)
.state w2 = w2 - ((w2 >> 31 & 1) << 32) * (w2 > 0)
.state w3 = w3 - ((w3 >> 31 & 1) << 32) * (w3 > 0)
.state w4 = w4 - ((w4 >> 31 & 1) << 32) * (w4 > 0)
.state w5 = w5 - ((w5 >> 31 & 1) << 32) * (w5 > 0)
.state w6 = w6 - ((w6 >> 31 & 1) << 32) * (w6 > 0)
.state w7 = w7 - ((w7 >> 31 & 1) << 32) * (w7 > 0)
.state w8 = w8 - ((w8 >> 31 & 1) << 32) * (w8 > 0)
.state w9 = w9 - ((w9 >> 31 & 1) << 32) * (w9 > 0)
.state w10 = w10 - ((w10 >> 31 & 1) << 32) * (w10 > 0)
.state w11 = w11 - ((w11 >> 31 & 1) << 32) * (w11 > 0)
.state w12 = w12 - ((w12 >> 31 & 1) << 32) * (w12 > 0)
.state w13 = w13 - ((w13 >> 31 & 1) << 32) * (w13 > 0)
.state next = offset % period

        muls    r0, next, width, 0         ; bit at which the element starts
        and     r1, r0, bit_5              ; the word, of 14: a tree over the bits of its number
        cmp.ne  r1, #0
        sel     r2, w1, w0
        sel     r3, w3, w2
        sel     r4, w5, w4
        sel     r5, w7, w6
        sel     r6, w9, w8
        sel     r7, w11, w10
        sel     r8, w13, w12
        and     r1, r0, #64
        cmp.ne  r1, #0
        sel     r2, r3, r2
        sel     r4, r5, r4
        sel     r6, r7, r6
        and     r1, r0, #128
        cmp.ne  r1, #0
        sel     r2, r4, r2
        sel     r6, r8, r6
        and     r1, r0, #256
        cmp.ne  r1, #0
        sel     r2, r6, r2

        and     r1, r0, bit_4              ; the bits, shifted down
        cmp.ne  r1, #0
        shr?f   r2, r2, 16
        and     r1, r0, #8
        cmp.ne  r1, #0
        shr?f   r2, r2, 8
        and     r1, r0, #4
        cmp.ne  r1, #0
        shr?f   r2, r2, 4
        and     r1, r0, #2
        cmp.ne  r1, #0
        shr?f   r2, r2, 2
        and     r1, r0, #1
        cmp.ne  r1, #0
        shr?f   r2, r2, 1
        and     r2, r2, bits
        xor     r2, r2, sign               ; extends the sign
        sub     r2, r2, sign
        cmp.ne  r2, #0
        cmp.lt.and next, elements
        spk?f   r2

        add     next, next, #1
        cmp.ge  next, period
        mov?f   next, #0
        end
