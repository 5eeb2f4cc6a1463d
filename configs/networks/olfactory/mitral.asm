; A mitral cell: one spike in each gamma cycle of 32 steps, the earlier the stronger its odour, or when its inhibition ends.
.acc inhibition max                ; how long granule cells of the column hold it: phase + 1; the longest counts
.param last = 31
.param late = 16
.state sensed = 16                 ; phase of the spike by its receptors, 0..15; 16: no spike
.state clock
.state phase = 16                  ; in this cycle
.state held                        ; in the next one: phase + 1; 0: not inhibited
        rdc     r0, inhibition
        cmp.gt  r0, #0
        mov?f   held, r0
        cmp.eq  clock, #0
        bf?n    going
        mov     phase, sensed
        sub     r1, held, #1
        cmp.gt  held, #0
        mov?f   phase, r1
        mov     held, #0
going:  cmp.eq  clock, phase
        cmp.lt.and clock, late
        spk?f   #1
        add     clock, clock, #1
        and     clock, clock, last
        end
