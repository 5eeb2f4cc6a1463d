; The largest of several values, exactly, one bit in each step: no accumulator but sums is needed.
;
;   step 0       values arrive, all in the same step; who has one above 0 competes
;   steps 0..22  the competitors send their ranks bit by bit, the highest first; who sends 0 where another sends 1 is out
;   step 23      who is left has won: it spikes on channel 1 with its value
; A rank is the value (13 bits) and the number of the unit (10 bits), so no two are equal. The competition is in the connections:
; a projection of the population to itself, all to all with weight 1, onto `sent`. The next values may arrive in step 23.
; `argmax` does the same in two steps where an accumulator can keep the largest.

.arg id 0..1023                            ; number of the unit, its own

.const kIdBits = 10
.const kValueMax = (1 << 13) - 1
.const kTopBit = 1 << 22
.const kBits = 23

.acc input 0..8191                         ; beyond it, as 8191
.acc sent                                  ; bits that are 1, of the step before

.param id = id
.param value_max = kValueMax
.param top_bit = kTopBit
.param bits = kBits

.state left                                ; bits that are still to be sent; 0: it does not compete
.state rank                                ; shifted by those that are sent
.state value
.state had                                 ; the last bit sent was 1

        rdc     r1, sent
        rdc     r0, input
        cmp.gt  left, #0
        bf?n    idle
        cmp.gt  r1, #0                     ; another had a 1 where this one had a 0
        cmp.eq.and had, #0
        mov?f   left, #0
        bf?f    idle
        sub     left, left, #1
        cmp.eq  left, #0
        bf?f    won
send:   and     had, rank, top_bit
        shl     rank, rank, 1
        cmp.ne  had, #0
        spk?f   #1
        end
won:    spk     value, 1
idle:   cmp.gt  r0, #0
        bf?n    done
        min     value, r0, value_max
        shl     rank, value, kIdBits
        or      rank, rank, id
        and     had, rank, top_bit
        shl     rank, rank, 1
        mov     left, bits
        cmp.ne  had, #0
        spk?f   #1
done:   end
