#include "compiler/frontend/inputs/rate_units.hpp"

#include <cmath>
#include <optional>

#include "isa/image/image.hpp"

namespace seamount::compiler::frontend {

namespace {

__extension__ using Wide = unsigned __int128;

constexpr std::uint64_t kLargestDenominator = std::uint64_t{1} << 24U;

struct Fraction {
    std::uint64_t top = 0;
    std::uint64_t bottom = 1;
};

/// Whether the fraction rounds to `number` in the precision that the number came in.
bool rounds_to(const Fraction& fraction, double number, bool is_float) {
    const double value = static_cast<double>(fraction.top) / static_cast<double>(fraction.bottom);
    return is_float ? static_cast<float>(value) == static_cast<float>(number) : value == number;
}

/// The first convergent of the continued fraction of `number`, of (0, 1), that rounds to it.
std::optional<Fraction> simple_fraction(double number, bool is_float) {
    Fraction before{1, 0};
    Fraction now{0, 1};
    double rest = number;
    while (rest > 0.0) {
        const double inverse = 1.0 / rest;
        const double whole = std::floor(inverse);
        if (whole > static_cast<double>(kLargestDenominator)) return std::nullopt;
        const auto times = static_cast<std::uint64_t>(whole);
        const Fraction next{times * now.top + before.top, times * now.bottom + before.bottom};
        if (next.bottom > kLargestDenominator) return std::nullopt;
        if (rounds_to(next, number, is_float)) return next;
        before = now;
        now = next;
        rest = inverse - whole;
    }
    return std::nullopt;
}

}  // namespace

std::uint64_t rate_units(double rate) noexcept {
    if (rate <= 0.0) return 0;
    if (rate >= 1.0) return isa::InputImage::kAlways;
    const double in_65536ths = rate * 0x1p16;
    const bool is_simple = std::floor(in_65536ths) == in_65536ths;
    const bool is_float = static_cast<double>(static_cast<float>(rate)) == rate;
    const auto fraction = is_simple ? std::nullopt : simple_fraction(rate, is_float);
    if (!fraction) return static_cast<std::uint64_t>(std::ceil(rate * 0x1p64));
    const Wide scaled = Wide{fraction->top} << 64U;
    return static_cast<std::uint64_t>((scaled + fraction->bottom - 1) / fraction->bottom);
}

}  // namespace seamount::compiler::frontend
