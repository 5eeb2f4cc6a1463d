// The hand-fused loop of lif_loop.hpp; includes nothing.

namespace {

inline std::int32_t toward_zero(std::int64_t product) {
    return static_cast<std::int32_t>((product + (product < 0 ? 4095 : 0)) >> 12);
}

}  // namespace

void lif_step(const LifArrays& lif) {
    constexpr std::int32_t kHalf = 1 << 23;
    std::int32_t* const __restrict u = lif.u;
    std::int32_t* const __restrict v = lif.v;
    const std::int32_t* const __restrict bias = lif.bias;
    std::int32_t* const __restrict input = lif.input;
    std::uint8_t* const __restrict spiked = lif.spiked;
    const std::int64_t keep_u = lif.keep_u;
    const std::int64_t keep_v = lif.keep_v;
    const std::int32_t threshold = lif.threshold;
    const int count = lif.count;
    for (int i = 0; i < count; ++i) {
        const std::int32_t in = input[i] * 64;
        input[i] = 0;
        std::int32_t current = toward_zero(u[i] * keep_u) + in;
        current -= current > kHalf ? 2 * kHalf : 0;
        current += current <= -kHalf ? 2 * kHalf : 0;
        u[i] = current;
        std::int32_t next = toward_zero(v[i] * keep_v) + current + bias[i];
        next = next < kHalf ? next : kHalf - 1;
        next = next > -kHalf ? next : 1 - kHalf;
        const bool spike = next > threshold;
        v[i] = spike ? 0 : next;
        spiked[i] = spike ? 1 : 0;
    }
}
