; A digit in a cell of a Sudoku: a noisy leaky integrator that the digits in conflict with it inhibit for a while.
;   inhibition decays by 1/4 a step; v += bias - v/16 + noise - inhibition, not below vmin; a spike at vth sets v to 0
.arg bias  -100000..100000 = 61    ; drive of a digit that is possible
.arg noise 0..255 = 120            ; uniform in +-noise
.arg vth   1..100000 = 256
.arg vmin  -100000..0 = -198       ; how deep inhibition can push
.acc conflicts 0..100000           ; spikes of the step before
.param noise = noise
.param vth = vth
.param vmin = vmin
.const kLeak = 4
.const kRelease = 2
.state v
.state inhibition
.state bias = bias                 ; the host writes it: the given digits make others impossible
        rdc r1, conflicts
        add inhibition, inhibition, r1
        shr r0, inhibition, kRelease
        sub inhibition, inhibition, r0
        rnd.s r2, 16
        muls r2, r2, noise, 15
        shr r0, v, kLeak
        sub v, v, r0
        add v, v, bias
        add v, v, r2
        sub v, v, inhibition
        max v, v, vmin
        cmp.ge v, vth
        spk?f #1
        mov?f v, #0
        end
