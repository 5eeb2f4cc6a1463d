#include "isa/base/text.hpp"

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

void append_formatted(fmt::memory_buffer& out, fmt::string_view format, fmt::format_args args) {
    fmt::vformat_to(fmt::appender(out), format, args);
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

namespace {

/// Bytes of the sequence that begins with `lead`, and the range of its second byte.
struct Utf8Form {
    std::size_t bytes = 0;  ///< 0: no sequence begins so
    unsigned char least = 0x80;
    unsigned char most = 0xBF;
};

/// RFC 3629, section 4: neither overlong forms nor surrogates nor more than U+10FFFF.
Utf8Form utf8_form(unsigned char lead) {
    if (lead < 0x80) return {1};
    if (lead >= 0xC2 && lead <= 0xDF) return {2};
    if (lead == 0xE0) return {3, 0xA0, 0xBF};
    if (lead == 0xED) return {3, 0x80, 0x9F};
    if (lead >= 0xE1 && lead <= 0xEF) return {3};
    if (lead == 0xF0) return {4, 0x90, 0xBF};
    if (lead >= 0xF1 && lead <= 0xF3) return {4};
    if (lead == 0xF4) return {4, 0x80, 0x8F};
    return {};
}

}  // namespace

std::size_t first_not_utf8(std::string_view text) {
    std::size_t at = 0;
    while (at < text.size()) {
        const Utf8Form form = utf8_form(static_cast<unsigned char>(text[at]));
        if (form.bytes == 0 || form.bytes > text.size() - at) return at;
        for (std::size_t i = 1; i < form.bytes; ++i) {
            const auto byte = static_cast<unsigned char>(text[at + i]);
            const bool second = i == 1;
            if (byte < (second ? form.least : 0x80) || byte > (second ? form.most : 0xBF)) {
                return at;
            }
        }
        at += form.bytes;
    }
    return at;
}

}  // namespace seamount
