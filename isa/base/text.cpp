#include "isa/base/text.hpp"

#include <fmt/core.h>

#include <array>
#include <cmath>

namespace seamount {

std::string grouped(std::uint64_t value) {
    const std::string digits = std::to_string(value);
    std::string text;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        if (i != 0 && (digits.size() - i) % 3 == 0) text += ',';
        text += digits[i];
    }
    return text;
}

std::string counted(std::uint64_t value, const std::string& noun) {
    if (value == 1) return "1 " + noun;
    return fmt::format("{} {}s", grouped(value), noun);
}

std::string si(double value, const std::string& unit) {
    static constexpr std::array<const char*, 9> kPrefixes{"f", "p", "n", "u", "m",
                                                          "",  "k", "M", "G"};
    if (value == 0.0 || !std::isfinite(value)) return fmt::format("{} {}", value, unit);
    int index = 5;
    double scaled = value;
    // 999.5 would print as 1000 with three digits
    while (std::abs(scaled) >= 999.5 && index < 8) scaled /= 1000.0, ++index;
    while (std::abs(scaled) < 0.9995 && index > 0) scaled *= 1000.0, --index;
    return fmt::format("{:.3g} {}{}", scaled, kPrefixes[static_cast<std::size_t>(index)], unit);
}

}  // namespace seamount
