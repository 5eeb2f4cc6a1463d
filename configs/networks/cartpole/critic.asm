; Predicts, from the box that the cart is in, how soon it falls (-127: now), and sends how much more or less is predicted than a step before.
.const kLater = 122                ; /128: what is a step further away counts less
.acc value
.acc seen                          ; 1: the host says where the cart is
.acc fallen
.param later = kLater
.param most = 127
.param least = -127
.state before                      ; the prediction of the step before
.state valid                       ; there was a step before
        rdc r0, value
        rdc r1, seen
        rdc r2, fallen
        cmp.eq r2, #0
        bf?f alive
        sub r3, least, before      ; it fell: this is what should have been predicted
        mov r1, #0
        bf tell
alive:  cmp.eq r1, #0
        bf?f idle
        muls r3, r0, later, 7
        sub r3, r3, before
tell:   min r3, r3, most
        max r3, r3, least
        cmp.ne valid, #0
        cmp.ne.and r3, #0
        spk?f r3
        mov before, r0
        mov valid, r1
        bf done
idle:   mov valid, #0
done:   end
