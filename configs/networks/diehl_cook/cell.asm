; An excitatory cell of Diehl and Cook's network: it integrates, the one that is furthest above its threshold spikes, and whoever spikes gets
; a higher threshold. The competition is exact, in two steps, as in configs/neurons/argmax.asm:
;   step t      who is above its threshold sends its rank: by how much, then its number
;   step t + 1  if there was one, all voltages go down; the largest rank spikes on channel 1, and its synapses learn (y1)
.arg id   0..1023                  ; number of the cell, its own: of those that are equal the highest wins
.arg th0  0..100000 = 6000         ; threshold at first
.arg rise 0..1000000 = 12000       ; of the threshold with each spike, in 1/256
.acc input                         ; weights of the pixels that spiked
.acc best max                      ; ranks of the step before
.param id = id
.param th0 = th0
.param rise = rise
.param after = -2000               ; voltage after a spike, anybody's
.param most = 2097150              ; above the threshold: 21 bits, and 10 for the number
.state v
.state rank                        ; that was sent
.state fresh = 1                   ; a sample begins
.state theta                       ; 256 times what has been added to the threshold; a reset leaves it
.state frozen                      ; 1: theta stays as it is
        rdc     r0, input
        rdc     r1, best
        trc     #0, 1
        cmp.ne  fresh, #0
        bf?n    going
        mov     fresh, #0
        shr     r3, theta, 14
        cmp.eq  frozen, #0
        sub?f   theta, theta, r3
going:  cmp.gt  r1, #0
        bf?n    grow
        mov     v, after
        cmp.eq  rank, r1
        bf?n    grow
        spk     #1, 1
        trc     #1, 1
        cmp.eq  frozen, #0
        add?f   theta, theta, rise
grow:   mov     rank, #0
        shr     r3, v, 4           ; leak
        sub     v, v, r3
        add     v, v, r0
        shr     r3, theta, 8
        add     r3, r3, th0
        sub     r3, v, r3
        cmp.ge  r3, #0
        bf?n    done
        min     r3, r3, most
        add     r3, r3, #1         ; so that a rank is never 1, the payload of a spike
        shl     rank, r3, 10
        or      rank, rank, id
        spk     rank
done:   end
