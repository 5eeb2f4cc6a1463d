; lava's GradedReluVec, bit for bit: passes its input on as payload if it is above a threshold, without memory.

.arg vth  0..8388607 = 0                   ; a message needs input above it

.acc input -8388608..8388607

.param threshold = vth

        rdc     r0, input
        cmp.gt  r0, threshold
        spk?f   r0
        end
