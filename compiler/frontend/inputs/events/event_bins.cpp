#include "compiler/frontend/inputs/events/event_bins.hpp"

#include <cmath>
#include <cstdlib>
#include <numeric>

namespace seamount::compiler::frontend {
namespace {

constexpr double kExact = 0x1p53;
constexpr int kMostDigits = 12;
constexpr int kMostPower = 15;

}  // namespace

std::optional<EventBins> EventBins::of(double number, int exponent) {
    if (!(number > 0.0) || !std::isfinite(number)) return std::nullopt;
    int digits = 0;
    double whole = number;
    // A decimal number times its power of ten is rounded to a whole one, and back to itself.
    for (; digits <= kMostDigits; ++digits) {
        const double power = std::pow(10.0, digits);
        whole = std::round(number * power);
        if (whole / power == number) break;
    }
    const int power = exponent - digits;
    if (digits > kMostDigits || std::abs(power) > kMostPower) return std::nullopt;
    double numerator = whole;
    double denominator = std::pow(10.0, std::abs(power));
    if (power >= 0) {
        numerator *= denominator;
        denominator = 1.0;
    }
    if (numerator < 1.0 || numerator >= kExact) return std::nullopt;
    const auto common = static_cast<double>(
        std::gcd(static_cast<std::uint64_t>(numerator), static_cast<std::uint64_t>(denominator)));
    return EventBins{numerator / common, denominator / common};
}

std::optional<std::uint64_t> EventBins::step_of(double time) const {
    if (!(time >= 0.0) || !(time * denominator_ < kExact)) return std::nullopt;
    double step = std::floor(time * denominator_ / numerator_);
    // The sign of a fused multiply-add is that of the exact sum: step * numerator is exact.
    if (std::fma(time, denominator_, -step * numerator_) < 0.0) step -= 1.0;
    if (std::fma(time, denominator_, -(step + 1.0) * numerator_) >= 0.0) step += 1.0;
    return static_cast<std::uint64_t>(step);
}

}  // namespace seamount::compiler::frontend
