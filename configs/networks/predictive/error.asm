; The error of one pixel: e = x - prediction, sent while it is not small; in the last step of a sample it is sent for the rule.
.arg x 0..127 = 0
.arg small 0..127 = 10
.arg last 1..1000000 = 79          ; the step in which synapses learn; a sample takes one more
.acc prediction                    ; weights times twice the latent activity
.param small = small
.param last = last
.param most = 127
.param least = -127
.state x = x
.state e
.state n
        trc #0, 1
        cmp.eq n, last
        bf?f learn
        cmp.gt n, last             ; the sample is over: what is under way is taken out
        bf?f over
        and r0, n, #1              ; odd steps are the latent units'
        cmp.ne r0, #0
        bf?f done
        rdc r1, prediction
        shr r1, r1, 8
        sub e, x, r1
        min r0, e, most
        max r0, r0, least
        abs r1, e
        cmp.ge r1, small
        spk?f r0
        bf done
learn:  min r0, e, most
        max r0, r0, least
        abs r1, e
        cmp.lt r1, small
        mov?f r0, #0
        trc r0, 1
        add r0, r0, r0             ; a trace takes half of a payload
        spk r0
        bf done
over:   rdc r0, prediction
done:   add n, n, #1
        end
