; A place of a map, or an action at a place. While the network learns, it spikes when the host says so and is no longer new. While it
; plans, it spikes once: when the host, or a wave of spikes that began at a goal, reaches it.
;   control 1: a plan begins; 4: what is new is a goal; 5: both; 2: learning goes on
.arg vth 1..1000 = 1               ; of the wave
.acc drive                         ; from the host
.acc wave                          ; from the cells that lead to a goal
.acc refuted                       ; the place was expected and not found: it is no goal any more
.acc control
.param vth = vth
.state plan
.state fired
.state new = 1
        rdc r0, drive
        rdc r1, wave
        rdc r3, refuted
        rdc r2, control
        cmp.gt r3, #0
        mov?f new, #0
        cmp.eq r2, #2              ; learning
        mov?f plan, #0
        and r3, r2, #1
        cmp.ne r3, #0              ; a plan
        mov?f plan, #1
        mov?f fired, #0
        cmp.eq plan, #0
        mov?f r1, #0
        mov?f fired, #0
        cmp.eq.and r0, #1          ; the host says so while it learns
        mov?f new, #0
        and r3, r2, #4
        cmp.ne r3, #0              ; what is new spikes as if the host had said so
        sel r3, new, #0
        add r0, r0, r3
        cmp.ge r1, vth
        cmp.gt.or r0, #0
        cmp.eq.and fired, #0
        spk?f #1
        mov?f fired, #1
        end
