#include "tools/explore/sweep/value.hpp"

#include <fmt/core.h>

#include <charconv>
#include <cmath>
#include <cstdint>

namespace seamount::explore {

std::string to_string(const Value& value) {
    if (const auto* word = std::get_if<std::string>(&value)) return *word;
    const double number = std::get<double>(value);
    constexpr double kExact = 9007199254740992.0;  // 2^53
    if (std::abs(number) <= kExact && number == std::trunc(number)) {
        return fmt::format("{}", static_cast<std::int64_t>(number));
    }
    return fmt::format("{}", number);
}

Value value_of(const std::string& text) {
    double number = 0.0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    if (error == std::errc{} && stop == end && std::isfinite(number)) return number;
    return text;
}

std::string to_string(const Assignment& assignment) {
    std::string text;
    for (const auto& [path, value] : assignment) {
        if (!text.empty()) text += ' ';
        text += path + '=' + to_string(value);
    }
    return text;
}

}  // namespace seamount::explore
