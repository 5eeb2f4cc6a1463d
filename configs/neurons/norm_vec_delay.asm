; lava's NormVecDelay, bit for bit: what it multiplies in a loop that normalises a vector. The factor
; (see inv_sqrt.asm) comes back a step later than the vector, which is kept for as long.
;
;   payload = v * factor if |v * factor| > vth, the product wrapped to 32 bits; then v = vector
;   payload on channel 1 = vector * vector, unless it is 0

.arg vth  0..8388607 = 1                   ; a message needs a product beyond it

.acc vector -8388608..8388607
.acc factor -8388608..8388607

.param threshold = vth

.state v                                   ; the vector of the step before

        rdc     r0, vector
        rdc     r1, factor
        muls    r1, v, r1, 0
        mov     v, r0
        abs     r0, r1
        cmp.gt  r0, threshold
        spk?f   r1
        muls    r1, v, v, 0
        cmp.ne  r1, #0
        spk?f   r1, 1
        end
