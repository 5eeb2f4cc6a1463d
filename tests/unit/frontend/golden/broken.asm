; Microcode with two mistakes.
.arg vth 0..100 = 10
.acc input
.state v
        rdc   r0, input, 0
        addd  v, v, r0
        cmp.gt v, treshold
        end
