; Winner-take-all unit: a leaky integrate-and-fire neuron whose spike says by how much it won.
;
;   v = clip(decay(v) + (input << 6) + bias)     at +-(2^23 - 1)
;   if v > vth << 6: send the excess, (v - (vth << 6) >> 6) + 1; then v = 0
;   decay(x) = x * (4096 - dv) / 4096, toward zero
; The competition is in the connections: a graded projection of the population to itself, all to all
; without self, with negative weights. Who is further above the threshold inhibits the others more
; than they inhibit it. configs/networks/winner.yaml is an example.

.arg dv       0..4096 = 256                ; decay of the voltage, in 1/4096
.arg vth      0..131071                    ; threshold mantissa, times 64; a spike needs v above it
.arg bias     -4096..4095 = 0              ; bias mantissa, added to the voltage in every step
.arg bias_exp 0..7 = 0                     ; bias exponent: the bias is bias << bias_exp
.timed dv = 4096

.const kDecayBits = 12
.const kInputBits = 6                      ; inputs, thresholds and payloads count in units of 2^6

.acc input -131072..131071

.param keep_v = (1 << kDecayBits) - dv
.param threshold = vth << kInputBits

.state v
.state bias = bias << bias_exp

        rdc     r0, input, kInputBits
        add     r0, r0, bias
        mulz    r1, v, keep_v, kDecayBits
        add.sat r1, r1, r0
        sub     r2, r1, threshold
        shr     r2, r2, kInputBits
        add     r2, r2, #1
        cmp.gt  r1, threshold
        spk?f   r2
        sel     v, #0, r1
        end
