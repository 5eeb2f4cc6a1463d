; A granule cell: learns one odour in one cycle, and inhibits the mitral cell of its column for as long as that then waited when it finds enough of it.
.arg group 1..1000                 ; the odour that it may learn
.arg theta 0..100000               ; evidence that is enough
.acc evidence                      ; weights of the relays that spiked
.acc learn                         ; number of the odour that is to be learned now
.acc own                           ; spike of the mitral cell of its column
.param group = group
.param theta = theta
.param last = 31
.param strobe = 18
.state clock
.state phase                       ; of its mitral cell, in this cycle, + 1
.state length                      ; of the inhibition; 0: nothing learned
        rdc     r0, evidence
        rdc     r1, learn
        rdc     r2, own
        cmp.gt  r2, #0
        mov?f   phase, clock       ; the spike was sent a step ago
        cmp.eq  clock, strobe
        bf?n    done
        cmp.eq  r1, group
        cmp.eq.and length, #0
        mov?f   length, phase
        spk?f   #1, 1              ; its synapses learn
        bf?f    done
        cmp.ge  r0, theta
        cmp.ne.and length, #0
        spk?f   length
done:   add     clock, clock, #1
        and     clock, clock, last
        end
