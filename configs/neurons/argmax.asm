; The largest of several values, exactly, in two steps: one winner, whatever the values are.
;
;   step t      who has a value above 0 (of at most value_max) sends its rank: the value, then the tie breakers
;   step t + 1  each knows the largest rank of step t: who sent it has won, and spikes on channel 1 with its value
; The competition is in the connections: a graded projection of the population to itself, all to all with weight 1, onto `best`,
; which keeps the largest of what arrives. A value every step is one contest every step. Ranks are all different, as each ends
; with the unit's own number: ties are broken by `noise` bits drawn anew each time, then by the number, the higher one first.
; configs/networks/argmax.yaml is an example.

.arg id    0..1023                         ; number of the unit, its own
.arg noise 0..255 = 0                      ; mask of the random bits: 255: ties are broken by chance, 0: by the number

.const kIdBits = 10
.const kNoiseBits = 8
.const kValueMax = (1 << 13) - 1

.acc input 0..8191                         ; beyond it, as 8191
.acc best max                              ; ranks of the step before

.param id = id
.param noise = noise
.param value_max = kValueMax

.state rank                                ; that was sent; 0: none
.state value                               ; of it

        rdc     r1, best
        cmp.eq  rank, r1
        cmp.ne.and rank, #0
        spk?f   value, 1
        rdc     r0, input
        min     value, r0, value_max
        cmp.le  value, #0
        mov     rank, #0
        bf?f    done
        rnd     r2, kNoiseBits
        and     r2, r2, noise
        shl     rank, value, kNoiseBits
        or      rank, rank, r2
        shl     rank, rank, kIdBits
        or      rank, rank, id
        spk     rank
done:   end
