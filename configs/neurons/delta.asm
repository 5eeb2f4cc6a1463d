; lava's delta neuron, fixed point, bit for bit: sends how its input changes, once it has changed enough.
;
;   x = input << (spike_exp + state_exp)
;   d = x - act + residue; act = x
;   err += d with cum_error, else err = d
;   o = d if |err| >= vth << (spike_exp + state_exp), else 0; an o that is not 0 clears err
;   residue = d - o; payload = o >> state_exp, rounded down: what is shifted out is lost
; Without cum_error the state word `error` stays 0. A payload of 0 needs no message.

.arg vth       0..131071                   ; threshold before scaling; a message needs a change of at least this
.arg spike_exp 0..7 = 0                    ; payloads are 2^spike_exp times the input
.arg state_exp 0..7 = 0                    ; fraction bits of the state
.arg cum_error 0..1 = 0                    ; 1: changes below the threshold add up until they pass it

.const kShift = 7                          ; largest state_exp

.acc input -8388608..8388607

.param gain = 1 << (spike_exp + state_exp)
.param threshold = vth << (spike_exp + state_exp)
.param to_payload = 1 << (kShift - state_exp)
.param cum_error = cum_error

.state act
.state residue
.state error

        rdc     r0, input
        muls    r0, r0, gain, 0
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
