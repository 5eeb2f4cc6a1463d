; lava's sigma neuron: the running sum of its input is the payload of a spike in every step.
; A sum of 0 needs no message.

.acc input -8388608..8388607

.state sigma

        rdc     r0, input
        add     sigma, sigma, r0
        cmp.ne  sigma, #0
        spk?f   sigma
        end
