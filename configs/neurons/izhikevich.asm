; Izhikevich's two-variable neuron (IEEE Trans. Neural Networks 14, 2003), fixed point.
;
;   v' = 0.04 v^2 + 5 v + 140 - u + I      one Euler step of 2^-dt_exp ms per time step
;   u' = a (b (v + u_shift) - u)           with the new v; without "- u" if u_leak is 0
;   spike if v >= peak; then v = c and u = u + d
; v, u and I have 16 fraction bits, so v and u lie within +-128; products are rounded down. The user
; gives all quantities in thousandths: a = 20 is 0.02, c = -65000 is -65 mV. v is cut at the peak
; and at -128, u saturates at +-128.
; izhikevich_patterns.json has the parameters of the twenty firing patterns of Izhikevich (IEEE
; Trans. Neural Networks 15, 2004); some of them have other coefficients of v, or the u_shift.

.arg a         -1000..1000 = 20            ; rate of the recovery u per ms, in 1/1000
.arg b         -2000..2000 = 200           ; how strongly u follows v, in 1/1000
.arg c         -100000..30000 = -65000     ; v after a spike, in 1/1000 mV
.arg d         -100000..100000 = 8000      ; added to u at a spike, in 1/1000
.arg quadratic 0..100 = 40                 ; coefficient of v^2, in 1/1000
.arg linear    0..10000 = 5000             ; coefficient of v, in 1/1000
.arg constant  0..200000 = 140000          ; constant term, in 1/1000
.arg peak      0..100000 = 30000           ; v at which it spikes, in 1/1000 mV
.arg u_shift   -100000..100000 = 0         ; added to v in the equation of u, in 1/1000 mV
.arg u_leak    0..1 = 1                    ; 0: u' = a b (v + u_shift), without the decay of u
.arg dt_exp    1..6 = 1                    ; a time step is 2^-dt_exp ms
.arg input_exp 0..16 = 8                   ; inputs count 2^-input_exp
.arg bias      -1000000..1000000 = 0       ; constant input, in 1/1000
.arg v         -100000..30000 = -65000     ; v at the start, in 1/1000 mV
.arg u         -100000..100000 = 0         ; u at the start less b * v, in 1/1000

.const kOne = 65536                        ; 1.0
.const kBits = 16
.const kFineBits = 24                      ; fraction bits of the small factors a and quadratic

.acc input -16384..16383

.param gain = 1 << (kBits - input_exp)
.param quadratic = quadratic * (1 << kFineBits) / 1000
.param linear = linear * kOne / 1000
.param constant = constant * kOne / 1000
.param dt = kOne >> dt_exp
.param a_dt = a * (1 << kFineBits) / (1000 << dt_exp)
.param b = b * kOne / 1000
.param c = c * kOne / 1000
.param d = d * kOne / 1000
.param peak = peak * kOne / 1000
.param u_shift = u_shift * kOne / 1000
.param leak = -u_leak                      ; a mask

.state v = v * kOne / 1000
.state u = b * v * kOne / 1000000 + u * kOne / 1000
.state bias = bias * kOne / 1000

.view v_uv = v * 1000 / kOne               ; microvolts
.view u_milli = u * 1000 / kOne

        rdc     r0, input
        muls    r0, r0, gain, 0
        add     r0, r0, bias
        muls    r1, v, quadratic, kFineBits
        add     r1, r1, linear
        muls    r1, r1, v, kBits
        add     r1, r1, constant
        sub     r1, r1, u
        add     r1, r1, r0
        muls    r1, r1, dt, kBits
        add     r1, r1, v
        max     r1, r1, #-8388607
        cmp.ge  r1, peak
        min     r1, r1, peak

        add     r2, r1, u_shift
        muls    r2, r2, b, kBits
        and     r3, u, leak
        sub     r2, r2, r3
        muls    r2, r2, a_dt, kFineBits
        add.sat u, u, r2

        spk?f   #1
        add.sat?f u, u, d
        sel     v, c, r1
        end
