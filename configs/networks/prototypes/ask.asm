; Asks for the class of a sample: one spike, in its first step.
.param ask = 100                   ; the label of a question
.state fresh = 1                   ; a sample begins
        cmp.ne  fresh, #0
        mov     fresh, #0
        spk?f   ask
        end
