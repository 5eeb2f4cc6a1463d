; A prototype of a class. A sample takes 24 steps: its label arrives with it, the cells of this label (all, in a test) that are like enough
; compete, and the one most alike learns; if none is, a free cell takes the sample.
;   step 0        the sample and its label arrive; candidates spike
;   step 1        no candidate: the next free cell is one
;   steps 1..17   candidates send their similarity bit by bit, the highest first; who sends 0 where another sends 1 is out
;   step 18       who is left has won: it spikes on channel 1 with its class, and learns
.arg id 0..100000                  ; which cell this is: they are taken in this order
.arg cells 1..100000               ; how many there are
.arg theta 0..16777215             ; similarity that is enough
.acc similarity                    ; payloads of the sample times weights, below 2^17
.acc sent                          ; spikes of the step before
.acc label                         ; 1..10: learn this class; 100: say the class
.param cells = cells
.param theta = theta
.param test = 100
.param last = 18
.param topbit = 65536
.param once = 127                  ; rate of the first sample, in 1/128: the sample itself
.param half = 16384
.state class                       ; 0: free
.state rate                        ; of the next sample, in 2^-15: 1/2, 1/4, ..., about 1/n
.state used                        ; cells that are taken; every cell counts them
.state candidate
.state bits                        ; of the similarity that are still to be sent
.state clock = 1000
.state now                         ; the label of this sample
.state id = id
.state had                         ; sent a bit in the step before
.state like                        ; similarity of the sample: what the competition is about
        rdc r0, similarity
        rdc r1, sent
        rdc r2, label
        add clock, clock, #1
        cmp.eq r2, #0
        bf?f going
        trc #0, 1
        mov clock, #0
        mov now, r2
        mov bits, r0
        mov like, r0
        cmp.ge r0, theta
        cmp.ge.or used, cells
        cmp.eq.and class, r2
        sel candidate, #1, #0
        cmp.eq r2, test
        cmp.ne.and class, #0
        mov?f candidate, #1
        mov had, #0
        cmp.ne candidate, #0
        spk?f #1
        bf done
going:  cmp.gt clock, last
        bf?f done
        cmp.eq clock, #1
        bf?n compare
        cmp.gt r1, #0              ; there is a candidate, or nothing is to be learned
        cmp.eq.or now, test
        bf?f send
        cmp.eq used, id
        mov?f class, now
        mov?f candidate, #1
        cmp.lt used, cells
        add?f used, used, #1
        bf send
compare: cmp.gt r1, #0
        cmp.eq.and had, #0
        mov?f candidate, #0
send:   mov had, #0
        cmp.eq candidate, #0
        bf?f done
        cmp.eq clock, last
        bf?f won
        and r3, bits, topbit
        shl bits, bits, 1
        cmp.ne r3, #0
        mov?f had, #1
        spk?f #1
        bf done
won:    spk class, 1
        mov candidate, #0
        cmp.eq now, test
        bf?f done
        muls r3, rate, rate, 15    ; 1/n - 1/n^2 is about 1/(n + 1)
        shr r4, rate, 8
        sub r5, rate, r3
        cmp.eq rate, #0            ; the first sample
        mov?f r4, once
        mov?f r5, half
        mov rate, r5
        trc r4, 1
done:   end
