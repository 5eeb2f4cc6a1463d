; Leaky integrate-and-fire point neuron as event-driven simulators have it: input is added to the voltage
; at once, and is ignored while the neuron is refractory (NEURON: IntFire1; NEST: iaf_psc_delta). Voltages have
; 32 bits, as inhibition of many thresholds must neither saturate nor wrap.
;
;   refractory: v stays where the spike left it, input is dropped
;   else v = v * (2^20 - dv) / 2^20 toward zero + (input << 6) + bias; spike if v > vth, then v = reset
;
; Source: NEURON's intfire1.mod, NEST's iaf_psc_delta.

.arg dv                0..1048576 = 0                 ; decay of the voltage, in 1/2^20
.arg vth               -1073741824..1073741823        ; threshold; a spike needs v above it
.arg reset             -1073741824..1073741823 = 0    ; voltage after a spike
.arg bias              -8388607..8388607 = 0          ; added to the voltage in every step
.arg refractory_period 0..1000000 = 0                 ; steps after a spike in which input is ignored
.timed dv = 1048576
.timed refractory_period

.const kDecayBits = 20
.const kInputBits = 6                                 ; inputs count in units of 2^6

.acc input -1048576..1048575

.state v
.state ref                                            ; steps in which input is still ignored
.state bias = bias
.state keep = (1 << kDecayBits) - dv
.state threshold = vth
.state reset = reset
.state period = refractory_period

        rdc     r0, input, kInputBits
        cmp.gt  ref, #0
        sub?f   ref, ref, #1
        bf?f    done
        mulz    v, v, keep, kDecayBits
        add     v, v, r0
        add     v, v, bias
        cmp.gt  v, threshold
        spk?f   #1
        sel     v, reset, v
        mov?f   ref, period
done:   end
