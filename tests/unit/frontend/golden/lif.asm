; A small neuron for tests of the frontend.
.arg vth       0..1000                ; threshold
.arg bias      -100..100 = 0          ; added to v in every step
.arg bias_exp  0..3 = 0               ; the bias is bias << bias_exp
.arg leak      0..4096 = 0            ; share of v that decays per step
.arg twice     0..10 = 1              ; feeds two state words
.timed leak = 4096
.acc input
.acc other
.param keep = 4096 - leak
.state v
.state drive = bias << bias_exp
.state threshold = vth
.state one = twice
.state two = twice + 1
.view above = v - threshold
        rdc   r0, input, 0
        mulz  r1, v, keep, 12
        add   r0, r0, r1
        add   v, r0, drive
        cmp.gt v, threshold
        spk?f #1
        mov?f v, #0
        end
