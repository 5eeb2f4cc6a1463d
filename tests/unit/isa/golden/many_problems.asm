.arg  decay 0..4096 = 5000
.arg  decay 0..1
.arg  gain
.const kTwo = 2
.const kBad = kTwo / 0
.const kTwo = 3
.const kLate = kNone + 1
.state v = decya + kTwo
.state r3
.state v
.param keep = 4096 - v
.param wide = 1 << 40
.param loose
.acc in
.acc in2 extra
.view shown = v + gain
.veiw x = 1
start:  rdc r0, input, 6
        mullz r1, v, keep, 12
        add.w23 r1, r0, v
        add.sat.w24 r1, r0, v
        add r1, r0, #7
        add keep, r0, r1
        add r1, r0
        add r1, r0, 1
        add r1, , r0
        shl r1, r0, 32
        ldi r1, 65536
        cmp v, #0
        cmp.gt.and.lt v, #0
        spk?x #1
        spk #1, 32
        bf start
        bf nowhere
        bf +40
        trc v, 4
        rdc r0, a7
        mov r1, r16
        mov r1, in
        mov r1, gain
        mov r1, shown
start:  rnd.s r1, 0
        ; nothing
        @end
        mov r0, kTwo
        end?f
