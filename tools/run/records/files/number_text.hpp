#pragma once

#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace seamount::tools {

/// The text of a number in memory of its own.
class NumberText {
public:
    explicit NumberText(std::uint64_t value)
        : size_{static_cast<std::size_t>(
              std::to_chars(text_.data(), text_.data() + text_.size(), value).ptr - text_.data())} {
    }
    /// With three decimals.
    [[nodiscard]] static NumberText of_thousandths(std::uint64_t thousandths) {
        constexpr std::uint64_t kOne = 1000;
        NumberText text{thousandths / kOne};
        const std::uint64_t rest = thousandths % kOne;
        text.text_[text.size_++] = '.';
        for (const std::uint64_t digit : {rest / 100, rest / 10 % 10, rest % 10}) {
            text.text_[text.size_++] = static_cast<char>('0' + digit);
        }
        return text;
    }
    [[nodiscard]] std::string_view view() const { return {text_.data(), size_}; }

private:
    std::array<char, 32> text_;
    std::size_t size_;
};

/// `value` times 1000 rounded to the nearest whole number, ties to even: the exact value counts, as
/// in "{:.3f}". Nothing if it is negative or above 2^43, where doubles are coarser.
[[nodiscard]] inline std::optional<std::uint64_t> thousandths_of(double value) {
    constexpr double kThousand = 1000.0;
    constexpr double kMost = 0x1p43;
    if (!(value >= 0.0 && value < kMost)) return std::nullopt;
    const double product = value * kThousand;
    const double error = std::fma(value, kThousand, -product);  // of the product, exactly
    const double floor = std::floor(product);
    const double beyond = (product - floor - 0.5) + error;  // the half; its sign is exact
    auto whole = static_cast<std::uint64_t>(floor);
    if (beyond > 0.0 || (beyond == 0.0 && whole % 2 == 1)) ++whole;
    return whole;
}

}  // namespace seamount::tools
