; Leaky integrator of a leaky current, without spikes (NIR: CubaLI; LI where its decay is fine): usually the
; readout of a network. Decays are in 1/2^20 and stand, as the bias, in the state of each neuron.
;
;   u = wrap(decay(u) + (input << 6)); v = clip(decay(v) + u + bias)     at +-(2^23 - 1)
;   decay(x) = x * (2^20 - d) / 2^20, toward zero
; Probe v, or let it send: with readout every step sends v >> readout_exp, rounded down, as a graded
; spike. A payload of 0 needs no message.

.arg du          0..1048576 = 1048576      ; decay of the current, in 1/2^20
.arg dv          0..1048576 = 32768        ; decay of the voltage, in 1/2^20
.arg bias        -8388607..8388607 = 0     ; added to the voltage in every step
.arg readout     0..1 = 0                  ; 1: send the voltage in every step
.arg readout_exp 0..23 = 6                 ; the payload is v >> readout_exp
.arg u           -8388607..8388608 = 0     ; current at the start
.arg v           -8388607..8388607 = 0     ; voltage at the start
.timed du = 1048576
.timed dv = 1048576

.const kDecayBits = 20
.const kInputBits = 6                      ; inputs count in units of 2^6
.const kShift = 23                         ; largest readout_exp

.acc input -131072..131071

.param readout = readout
.param to_payload = 1 << (kShift - readout_exp)

.state u = u
.state v = v
.state bias = bias
.state keep_u = (1 << kDecayBits) - du
.state keep_v = (1 << kDecayBits) - dv

        rdc     r0, input, kInputBits
        mulz    r1, u, keep_u, kDecayBits
        add.wl  u, r1, r0
        mulz    r1, v, keep_v, kDecayBits
        add     r1, r1, u
        add.sat v, r1, bias
        muls    r1, v, to_payload, kShift
        cmp.ne  readout, #0
        cmp.ne.and r1, #0
        spk?f   r1
        end
