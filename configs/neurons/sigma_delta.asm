; lava's sigma-delta neuron, fixed point, bit for bit: the running sum of its input, through an
; activation, is sent as changes that pass a threshold.
;
;   sigma += input; x = sigma + bias, with relu at least 0
;   d = x - act + residue; act = x
;   err += d with cum_error, else err = d
;   o = d if |err| >= vth << (spike_exp + state_exp), else 0; an o that is not 0 clears err
;   residue = d - o; payload = o >> state_exp, rounded down: what is shifted out is lost
; Without cum_error the state word `error` stays 0. A payload of 0 needs no message.

.arg vth       0..131071                   ; threshold before scaling; a message needs a change of at least this
.arg bias      -131072..131071 = 0         ; added to the sum, before scaling
.arg spike_exp 0..7 = 0                    ; scales threshold and bias, together with state_exp
.arg state_exp 0..7 = 0                    ; fraction bits of the state
.arg relu      0..1 = 1                    ; 1: what is below 0 counts as 0
.arg cum_error 0..1 = 0                    ; 1: changes below the threshold add up until they pass it

.const kShift = 7                          ; largest state_exp

.acc input -8388608..8388607

.param least = relu != 0 ? 0 : -2147483648
.param threshold = vth << (spike_exp + state_exp)
.param to_payload = 1 << (kShift - state_exp)
.param cum_error = cum_error

.state sigma
.state act
.state residue
.state error
.state bias = bias << (spike_exp + state_exp)

        rdc     r0, input
        add     sigma, sigma, r0
        add     r0, sigma, bias
        max     r0, r0, least
        sub     r1, r0, act
        add     r1, r1, residue
        mov     act, r0

        cmp.ne  cum_error, #0
        add?f   error, error, r1
        sel     r2, error, r1
        abs     r2, r2
        cmp.ge  r2, threshold
        sel     r3, r1, #0
        sub     residue, r1, r3
        cmp.ne  r3, #0
        mov?f   error, #0
        muls    r3, r3, to_payload, kShift
        cmp.ne  r3, #0
        spk?f   r3
        end
