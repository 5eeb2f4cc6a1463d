#include "compiler/lower/quantise/optimize_weights.hpp"

#include <algorithm>
#include <bit>

#include "isa/base/assert.hpp"

namespace seamount::compiler {

OptimisedWeights optimise_weights(std::span<const std::int32_t> weights, isa::SignMode mode) {
    constexpr int kMantissaBits = 8;
    const isa::MantissaRange range = isa::mantissa_range(mode);
    std::int32_t least = 0;
    std::int32_t most = 0;
    std::uint32_t used = 0;  // bits that are set in any weight
    for (const std::int32_t weight : weights) {
        SM_ASSERT(weight >= range.min && weight <= range.max, "a weight beyond the mantissa");
        least = std::min(least, weight);
        most = std::max(most, weight);
        used |= static_cast<std::uint32_t>(weight);
    }
    int shift = 0;
    if (used != 0) {
        while (least * (2 << shift) >= range.min && most * (2 << shift) <= range.max) ++shift;
    }
    const int sign = mode == isa::kMixed ? 1 : 0;
    const int even = std::min(std::countr_zero(used), kMantissaBits);

    OptimisedWeights result;
    result.exponent = -shift;
    result.bits = kMantissaBits - shift - even + sign;
    for (const std::int32_t weight : weights) {
        result.mantissas.push_back(weight * (1 << shift));
        result.stored.push_back(weight >> even);
    }
    return result;
}

}  // namespace seamount::compiler
