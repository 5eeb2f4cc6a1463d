; The root of a dendritic tree: Loihi 1's compartment (loihi1_cuba.asm without noise and refractory steps)
; whose current is joined with what its children push before bias and voltage.
;
;   u = wrap24(decay(u) + wrap22(input << 6))
;   v = clip(decay(v) + wrap24(join(u, children) + bias))       join as in dendrite.asm
;   spike if v > threshold; then v = 0

.arg decay_u  0..4096 = 4096               ; share of the current that decays per step, in 1/4096
.arg decay_v  0..4096 = 0                  ; share of the voltage that decays per step, in 1/4096
.arg vth      0..131071                    ; threshold mantissa, times 64; a spike needs v above it
.arg bias     -4096..4095 = 0              ; bias mantissa, added to the voltage in every step
.arg bias_exp 0..7 = 0                     ; bias exponent: the bias is bias << bias_exp
.arg join     0..3 = 0                     ; set by the compiler from `join:`
.arg children 0..3 = 0                     ; set by the compiler: how many compartments push to this one
.timed decay_u = 4096
.timed decay_v = 4096

.const kDecayBits = 12
.const kInputBits = 6

.acc input
.acc first
.acc second
.acc third

.param keep_u = (1 << kDecayBits) - decay_u
.param keep_v = (1 << kDecayBits) - decay_v
.param join = join
.param children = children

.state v
.state u
.state bias = bias << bias_exp
.state threshold = vth << kInputBits

        rdc.w22 r0, input, kInputBits
        mulz    r1, u, keep_u, kDecayBits
        add.w24 u, r1, r0
        mov     r2, u

        rdc     r3, first
        rdc     r4, second
        rdc     r5, third
        cmp.eq  children, #0
        bf?f    voltage
        cmp.eq  join, #0
        bf?n    most
        add     r2, r2, r3                 ; children that do not exist push 0
        add     r2, r2, r4
        add     r2, r2, r5
        bf      voltage
most:
        cmp.eq  join, #1
        bf?n    least
        max     r2, r2, r3
        cmp.ge  children, #2
        max?f   r2, r2, r4
        cmp.gt  children, #2
        max?f   r2, r2, r5
        bf      voltage
least:
        cmp.eq  join, #2
        bf?n    gate
        min     r2, r2, r3
        cmp.ge  children, #2
        min?f   r2, r2, r4
        cmp.gt  children, #2
        min?f   r2, r2, r5
        bf      voltage
gate:
        max     r3, r3, r4
        max     r3, r3, r5
        cmp.le  r3, #0
        mov?f   r2, #0
voltage:
        add.w24 r2, r2, bias
        mulz    r1, v, keep_v, kDecayBits
        add.sat v, r1, r2
        cmp.gt  v, threshold
        spk?f   #1
        mov?f   v, #0
        end
