; Error unit of predictive coding (Rao and Ballard 1999, Nature Neuroscience 2): compares what comes
; from below with what is predicted from above, and sends the signed difference both ways.
;
;   e = clip(decay(e) + ((bottom_up - prediction) << 6))     at +-(2^23 - 1)
;   if |e| > vth << 6: send e >> 6, toward zero
;   decay(x) = x * (4096 - de) / 4096, toward zero; with de = 4096 the error has no memory
; Connect evidence to the accumulator bottom_up (a0) and the prediction to prediction (a1). An error
; below one unit of the payload is never sent.

.arg de  0..4096 = 4096                    ; decay of the error, in 1/4096
.arg vth 0..131071 = 0                     ; errors up to this, times 64, are not sent
.timed de = 4096

.const kDecayBits = 12
.const kInputBits = 6                      ; inputs, thresholds and payloads count in units of 2^6

.acc bottom_up -131072..131071
.acc prediction -131072..131071

.param keep = (1 << kDecayBits) - de
.param threshold = max(vth << kInputBits, (1 << kInputBits) - 1)

.state error

        rdc     r0, bottom_up, kInputBits
        rdc     r1, prediction, kInputBits
        sub     r0, r0, r1
        mulz    r1, error, keep, kDecayBits
        add.sat error, r1, r0
        abs     r1, error
        cmp.gt  r1, threshold
        srz     r2, error, kInputBits
        spk?f   r2
        end
