; A unit of the locally competitive algorithm (LCA, Rozell et al. 2008) with non-negative coefficients, in fixed point.
;   u += (drive - u - sum of gram * coefficient) / 16,  coefficient = max(u - lambda, 0)
; u is kept in 1/16 so that nothing is lost by the division. Units send what their coefficient changes by, so
; that a settled network is silent; the receiver adds the changes up.
.arg drive -1000000..1000000 = 0   ; scalar product of the unit's column and the signal
.arg lambda 0..1000000 = 205       ; price of a coefficient
.acc change                        ; sum of gram * (change of a coefficient)
.param lambda = lambda
.param inverse = 132104            ; 2^30 / (127 * 64): gram holds 127 * 64 times a scalar product
.const kInverse = 30
.const kSlow = 4                   ; a step moves u by 1/16 of the way
.state u
.state coefficient
.state inhibition                  ; sum of gram * coefficient
.state drive = drive
        rdc r0, change
        add inhibition, inhibition, r0
        muls r1, inhibition, inverse, kInverse
        shr r0, u, kSlow
        sub r0, drive, r0
        sub r0, r0, r1
        add u, u, r0
        shr r0, u, kSlow
        sub r0, r0, lambda
        max r0, r0, #0
        sub r1, r0, coefficient
        mov coefficient, r0
        cmp.ne r1, #0
        spk?f r1
        end
