; Leaky integrator without spikes (NIR: LI): a low-pass filter, usually the readout of a network.
;
;   v = clip(decay(v) + (input << 6) + bias)     at +-(2^23 - 1)
;   decay(x) = x * (4096 - dv) / 4096, toward zero
; Probe v, or let it send: with readout every step sends v >> readout_exp, rounded down, as a graded
; spike. A payload of 0 needs no message.

.arg dv          0..4096 = 128             ; decay of the voltage, in 1/4096
.arg bias        -4096..4095 = 0           ; bias mantissa, added to the voltage in every step
.arg bias_exp    0..7 = 0                  ; bias exponent: the bias is bias << bias_exp
.arg readout     0..1 = 0                  ; 1: send the voltage in every step
.arg readout_exp 0..23 = 6                 ; the payload is v >> readout_exp
.arg v           -8388607..8388607 = 0     ; voltage at the start

.scaled bias = 64, bias_exp                ; in units of the weights with scale: auto
.timed dv = 4096

.const kDecayBits = 12
.const kInputBits = 6                      ; inputs count in units of 2^6
.const kShift = 23                         ; largest readout_exp

.acc input -131072..131071

.param keep_v = (1 << kDecayBits) - dv
.param readout = readout
.param to_payload = 1 << (kShift - readout_exp)

.state v = v
.state bias = bias << bias_exp

        rdc     r0, input, kInputBits
        mulz    r1, v, keep_v, kDecayBits
        add     r1, r1, r0
        add.sat v, r1, bias
        muls    r1, v, to_payload, kShift
        cmp.ne  readout, #0
        cmp.ne.and r1, #0
        spk?f   r1
        end
