// The hand-fused loop of cuba_loop.hpp; includes nothing.

namespace {

/// value * keep / 4096 toward zero, for |value| < 2^24 and keep in 0..4096, in 32 bits.
inline std::int32_t decayed(std::int32_t value, std::int32_t keep) {
    const std::int32_t size = value < 0 ? -value : value;
    const std::int32_t kept = (size >> 12) * keep + (((size & 4095) * keep) >> 12);
    return value < 0 ? -kept : kept;
}

template <int Bits>
inline std::int32_t wrapped(std::int32_t value) {
    return static_cast<std::int32_t>(static_cast<std::uint32_t>(value) << (32 - Bits)) >>
           (32 - Bits);
}

}  // namespace

void cuba_step(const CubaArrays& cuba) {
    constexpr std::int32_t kMost = (1 << 23) - 1;
    std::int32_t* const __restrict u = cuba.u;
    std::int32_t* const __restrict v = cuba.v;
    const std::int32_t* const __restrict bias = cuba.bias;
    const std::int32_t* const __restrict threshold = cuba.threshold;
    std::int32_t* const __restrict input = cuba.input;
    std::uint8_t* const __restrict spiked = cuba.spiked;
    const std::int32_t keep_u = cuba.keep_u;
    const std::int32_t keep_v = cuba.keep_v;
    const int count = cuba.count;
#pragma GCC ivdep
    for (int i = 0; i < count; ++i) {
        const std::int32_t in = wrapped<22>(input[i] * 64);
        input[i] = 0;
        const std::int32_t current = wrapped<24>(decayed(u[i], keep_u) + in);
        u[i] = current;
        std::int32_t next = decayed(v[i], keep_v) + wrapped<24>(current + bias[i]);
        next = next > kMost ? kMost : next;
        next = next < -kMost ? -kMost : next;
        const bool spike = next > threshold[i];
        v[i] = spike ? 0 : next;
        spiked[i] = spike ? 1 : 0;
    }
}
