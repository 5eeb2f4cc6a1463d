; lava's spiker: a source that sends its payload every `rate` steps and takes no input.
;
;   if counter = rate: send the payload, counter = 1; else counter += 1

.arg rate     1..16777215                  ; steps from one spike to the next
.arg payload  -8388608..8388607 = 1        ; what a spike carries
.arg counter  0..16777215 = 0              ; counter at the start: the first spike is in step rate - counter, from 0
.timed rate

.state counter = counter
.state rate = rate
.state payload = payload

        cmp.eq  counter, rate
        spk?f   payload
        mov?f   counter, #0
        add     counter, counter, #1
        end
