; lava's corrected sigma-delta neuron, fixed point, bit for bit: what a payload cannot carry stays
; in `act`, the sum of all that was sent, so that no quantisation error is lost.
;
;   sigma += input; x = sigma + bias, with relu at least 0
;   d = x - act; o = d if |d| >= vth << (spike_exp + state_exp), else 0
;   payload = o >> state_exp, rounded down; act += payload << state_exp
; A payload of 0 needs no message.

.arg vth       0..131071                   ; threshold before scaling; a message needs a change of at least this
.arg bias      -131072..131071 = 0         ; added to the sum, before scaling
.arg spike_exp 0..7 = 0                    ; scales threshold and bias, together with state_exp
.arg state_exp 0..7 = 0                    ; fraction bits of the state
.arg relu      0..1 = 1                    ; 1: what is below 0 counts as 0

.const kShift = 7                          ; largest state_exp

.acc input -8388608..8388607

.param least = relu != 0 ? 0 : -2147483648
.param threshold = vth << (spike_exp + state_exp)
.param to_payload = 1 << (kShift - state_exp)
.param from_payload = 1 << state_exp

.state sigma
.state act
.state bias = bias << (spike_exp + state_exp)

        rdc     r0, input
        add     sigma, sigma, r0
        add     r0, sigma, bias
        max     r0, r0, least
        sub     r0, r0, act
        abs     r1, r0
        cmp.ge  r1, threshold
        bf?n    done

        muls    r0, r0, to_payload, kShift
        muls    r1, r0, from_payload, 0
        add     act, act, r1
        cmp.ne  r0, #0
        spk?f   r0
done:   end
