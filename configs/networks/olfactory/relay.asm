; Says whether its mitral cell spiked at its phase: the spike comes with the delay that lets it arrive in step 17 of the cycle, and in no other.
.acc input
.param last = 31
.param strobe = 17
.state clock
        rdc     r0, input
        cmp.eq  clock, strobe
        cmp.gt.and r0, #0
        spk?f   #1
        add     clock, clock, #1
        and     clock, clock, last
        end
