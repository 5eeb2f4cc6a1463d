#include "isa/image/weights.hpp"

#include <algorithm>
#include <cmath>

#include "isa/base/fixed.hpp"

namespace seamount::isa {

MantissaRange mantissa_range(SignMode mode) noexcept {
    switch (mode) {
        case kExcitatory:
            return {0, 255};
        case kInhibitory:
            return {-255, 0};
        case kMixed:
            break;
    }
    return {-256, 255};
}

MantissaRange nearest_range(SignMode mode, int bits) noexcept {
    const int lost = lost_bits(mode, bits);
    const std::int32_t limit = ((std::int32_t{1} << (8 - lost)) - 1) * (std::int32_t{1} << lost);
    return {mode == kExcitatory ? 0 : -limit, mode == kInhibitory ? 0 : limit};
}

std::int32_t truncate_mantissa(std::int32_t mantissa, SignMode mode, int bits) noexcept {
    const int lost = lost_bits(mode, bits);
    const std::int32_t keep = -(std::int32_t{1} << lost);  // ones above the lost bits
    return mode == kInhibitory ? -(-mantissa & keep) : mantissa & keep;
}

std::int32_t round_mantissa(double mantissa, SignMode mode, int bits, int exponent) noexcept {
    const int lost = lost_bits(mode, bits);
    const MantissaRange range = nearest_range(mode, bits);
    const double low = std::ldexp(range.min, -lost);
    const double high = std::ldexp(range.max, -lost);
    // nearbyint rounds ties to even in the default mode, as numpy.round does.
    double grid = std::clamp(std::nearbyint(std::ldexp(mantissa, -lost)), low, high);
    const int shifted_out = -(lost + exponent);
    if (shifted_out > 0) {
        const double kept = std::nearbyint(std::ldexp(grid, -shifted_out));
        grid = std::clamp(std::ldexp(kept, shifted_out), low, high);
    }
    return static_cast<std::int32_t>(grid) * (std::int32_t{1} << lost);
}

std::int32_t effective_weight(std::int32_t mantissa, int exponent) noexcept {
    constexpr std::int64_t limit = 32767;  // 15 bits and sign, in units of 2^6
    const std::int64_t scaled = fixed::shift_floor(std::int64_t{mantissa} * 128, 7 - exponent);
    return static_cast<std::int32_t>(std::clamp(scaled, -limit, limit) * 64);
}

}  // namespace seamount::isa
