; what a user who comes from another assembler writes
.arg    vth 0..131071 = 200000          ; beyond the range
.const  kShift = 33
.state  v
.state  v                               ; again
.param  keep = 4096 - decay
        rdc     r0, a0, kShift
        movv    r1, r0
        mulz    keep, v, keep, 12
        add     v, v, #7
loop:   sub     v, v, #1
        cmp     v, #0
        bf?f    loop
        bf      don
        add.sta v, v, r1
done:   spk     v
