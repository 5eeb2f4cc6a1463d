; A dendritic compartment: a current that decays, joined with what its children push, pushed on to its
; parent in the same step. It has no voltage and does not spike.
;
;   u = wrap24(decay(u) + wrap22(input << 6))        as in loihi1_cuba.asm
;   w = join(u, children)                            see below
;   the parent gets w
; join: 0 add    u plus all children
;       1 max    the largest of u and the children
;       2 min    the smallest of u and the children
;       3 pass   u in steps in which some child is above 0, else 0: a gate
; What joins mean on the chip is public only in part (add, max and min of an own current with a popped
; one); the place between current and bias, and pass as a gate, are choices of this model.

.arg decay_u  0..4096 = 4096               ; share of the current that decays per step, in 1/4096
.arg join     0..3 = 0                     ; set by the compiler from `join:`
.arg children 0..3 = 0                     ; set by the compiler: how many compartments push to this one
.arg child    0..2 = 0                     ; set by the compiler: which of its parent's children this one is
.timed decay_u = 4096

.const kDecayBits = 12
.const kInputBits = 6

.acc input
.acc first
.acc second
.acc third

.param keep_u = (1 << kDecayBits) - decay_u
.param join = join
.param children = children
.param child = child

.state u
.state parent                              ; compartments up to the parent, written by the compiler
.state joined                              ; what was pushed

        rdc.w22 r0, input, kInputBits
        mulz    r1, u, keep_u, kDecayBits
        add.w24 u, r1, r0
        mov     r2, u

        rdc     r3, first
        rdc     r4, second
        rdc     r5, third
        cmp.eq  children, #0
        bf?f    push
        cmp.eq  join, #0
        bf?n    most
        add     r2, r2, r3                 ; children that do not exist push 0
        add     r2, r2, r4
        add     r2, r2, r5
        bf      push
most:
        cmp.eq  join, #1
        bf?n    least
        max     r2, r2, r3
        cmp.ge  children, #2
        max?f   r2, r2, r4
        cmp.gt  children, #2
        max?f   r2, r2, r5
        bf      push
least:
        cmp.eq  join, #2
        bf?n    gate
        min     r2, r2, r3
        cmp.ge  children, #2
        min?f   r2, r2, r4
        cmp.gt  children, #2
        min?f   r2, r2, r5
        bf      push
gate:
        max     r3, r3, r4
        max     r3, r3, r5
        cmp.le  r3, #0
        mov?f   r2, #0
push:
        mov     joined, r2
        cmp.eq  child, #0
        psh?f   r2, first, parent
        cmp.eq  child, #1
        psh?f   r2, second, parent
        cmp.eq  child, #2
        psh?f   r2, third, parent
        end
