; lava's inverse square root, fixed point with 12 fraction bits, bit for bit.
;
; For an input x of 1 to 24 bits the payload is about 2^12 / sqrt(x / 2^12): a first guess by the
; number of bits of x, then five steps of Goldschmidt's iteration, unrolled, without a division:
;   y = guess; z = 2 * y; b = x
;   5 times: b = ((b * z >> 13) * z) >> 13; z = 3 * 2^12 - b; y = (y * z) >> 13
; The guess for x in [2^k, 2^(k+1)) is floor(2^18 / 1.238982962 / 2^(k/2)). As halving commutes with
; rounding down, two constants and a shift by k / 2, bit by bit, give all 24 of them.
; An x of 0 or less has no root and sends nothing. The result is within 3 % of the root.

.const kBase = 12                          ; fraction bits of input and output
.const kHalf = 13                          ; a product of two such numbers, halved

.acc input -16777216..16777215

.param guess_even = 211579                 ; 2^18 / 1.238982962
.param guess_odd = 149609                  ; the same / sqrt(2)
.param top_bit = 31
.param bit_4 = 16
.param three = 3 << kBase

        rdc     r0, input
        cmp.le  r0, #0
        bf?f    done

        clz     r1, r0
        sub     r1, top_bit, r1            ; k
        and     r2, r1, #1
        cmp.ne  r2, #0
        sel     r3, guess_odd, guess_even
        and     r2, r1, #2
        cmp.ne  r2, #0
        shr?f   r3, r3, 1
        and     r2, r1, #4
        cmp.ne  r2, #0
        shr?f   r3, r3, 2
        and     r2, r1, #8
        cmp.ne  r2, #0
        shr?f   r3, r3, 4
        cmp.ge  r1, bit_4
        shr?f   r3, r3, 8
        shl     r4, r3, 1                  ; z

        muls    r0, r0, r4, kHalf          ; step 1
        muls    r0, r0, r4, kHalf
        sub     r4, three, r0
        muls    r3, r3, r4, kHalf

        muls    r0, r0, r4, kHalf          ; step 2
        muls    r0, r0, r4, kHalf
        sub     r4, three, r0
        muls    r3, r3, r4, kHalf

        muls    r0, r0, r4, kHalf          ; step 3
        muls    r0, r0, r4, kHalf
        sub     r4, three, r0
        muls    r3, r3, r4, kHalf

        muls    r0, r0, r4, kHalf          ; step 4
        muls    r0, r0, r4, kHalf
        sub     r4, three, r0
        muls    r3, r3, r4, kHalf

        muls    r0, r0, r4, kHalf          ; step 5
        muls    r0, r0, r4, kHalf
        sub     r4, three, r0
        muls    r3, r3, r4, kHalf

        cmp.ne  r3, #0
        spk?f   r3
done:   end
