; A cause of what is seen: v sums the errors that it could explain, its activity r = v/64 - threshold is sent every second step.
.arg threshold 0..100 = 0
.arg last 1..1000000 = 79
.acc errors
.param threshold = threshold
.param last = last
.param most = 127
.param vmax = 32767
.param vmin = -32768
.state v
.state r
.state n
        trc #0, 1
        rdc r0, errors
        cmp.gt n, last
        bf?f done
        cmp.eq n, last
        bf?f learn
        shr r0, r0, 5
        add v, v, r0
        min v, v, vmax
        max v, v, vmin
        and r1, n, #1
        cmp.eq r1, #0
        bf?f done
        shr r1, v, 6
        sub r1, r1, threshold
        max r1, r1, #0
        min r, r1, most
        bf send
send:   add r1, r, r               ; a trace takes half of a payload
        cmp.ne r1, #0
        spk?f r1
        bf done
learn:  trc r, 1
        add r1, r, r
        spk r1
done:   add n, n, #1
        end
