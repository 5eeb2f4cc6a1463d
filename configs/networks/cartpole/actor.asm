; Pushes right if the weight of the box that the cart is in, and noise in -6..6, is not negative; else left.
.arg noise 0..127 = 13             ; different values of the noise; 1: none
.acc value
.acc seen                          ; 1: the host says where the cart is
.param noise = noise
.param half = noise >> 1
.state span = noise                ; the host sets it to 1 when nothing is left to learn
        rdc r0, value
        rdc r1, seen
        trc #0, 1
        cmp.eq r1, #0
        bf?f done
        rnd r2, 16
        muls r2, r2, span, 16
        shr r3, span, 1
        sub r2, r2, r3
        add r0, r0, r2
        cmp.ge r0, #0
        spk?f #1
        trc?f #1, 1
        spk?n #-1
        trc?n #-1, 1
done:   end
