#include "compiler/verify/stored_weight.hpp"

#include <algorithm>
#include <cmath>

namespace seamount::compiler::verifier {
namespace {

/// Nearest integer, ties to even.
double nearest(double value) {
    const double below = std::floor(value);
    const double rest = value - below;
    if (rest != 0.5) return rest < 0.5 ? below : below + 1.0;
    return std::fmod(below, 2.0) == 0.0 ? below : below + 1.0;
}

struct Bounds {
    double low;
    double high;
};

Bounds bounds(WeightRule::Sign sign, double top) {
    return {sign == WeightRule::kExcitatory ? 0.0 : -top,
            sign == WeightRule::kInhibitory ? 0.0 : top};
}

}  // namespace

std::int32_t stored_weight(double asked, const WeightRule& rule) noexcept {
    if (rule.learned) return static_cast<std::int32_t>(asked);
    const bool mixed = rule.sign == WeightRule::kMixed;
    // Mixed weights have 9 bits with the sign, of which the lowest is never stored.
    const double step = std::exp2(8.0 - rule.bits + (mixed ? 1.0 : 0.0));
    if (rule.rounding == WeightRounding::kNearest) {
        const auto [low, high] = bounds(rule.sign, 256.0 / step - 1.0);
        double steps = std::clamp(nearest(asked / step), low, high);
        // A negative exponent shifts low bits out; only multiples of `coarse` survive it.
        const double coarse = std::exp2(-rule.exponent) / step;
        if (coarse > 1.0) steps = std::clamp(nearest(steps / coarse) * coarse, low, high);
        return static_cast<std::int32_t>(steps * step);
    }
    auto [low, high] = bounds(rule.sign, 255.0);
    if (mixed) low = -256.0;
    const double mantissa = std::clamp(nearest(asked), low, high);
    const double steps = rule.sign == WeightRule::kInhibitory ? std::ceil(mantissa / step)
                                                              : std::floor(mantissa / step);
    return static_cast<std::int32_t>(steps * step);
}

}  // namespace seamount::compiler::verifier
