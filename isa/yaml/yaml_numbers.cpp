#include "isa/yaml/yaml_numbers.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <system_error>

namespace seamount::yaml {
namespace {

struct Digits {
    bool negative = false;
    bool hex = false;
    std::string_view body;  ///< without sign and 0x
    NumberFault fault = NumberFault::kNone;
};

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// Splits off sign and prefix; only text that starts like a number passes (not nan, inf, .5e).
Digits split(std::string_view text) {
    Digits d;
    if (!text.empty() && (text.front() == '-' || text.front() == '+')) {
        d.negative = text.front() == '-';
        text.remove_prefix(1);
    }
    d.body = text;
    const bool point = text.size() > 1 && text[0] == '.' && is_digit(text[1]);
    if (text.empty() || !(is_digit(text[0]) || point)) {
        d.fault = NumberFault::kNotANumber;
    } else if (text.size() > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
        d.hex = true;
        d.body.remove_prefix(2);
    } else if (text.size() > 1 && text[0] == '0' && is_digit(text[1])) {
        d.fault = NumberFault::kLeadingZero;
    }
    return d;
}

NumberFault fault_of(std::from_chars_result result, const char* end) {
    if (result.ec == std::errc::invalid_argument || result.ptr != end) {
        return NumberFault::kNotANumber;
    }
    return result.ec == std::errc::result_out_of_range ? NumberFault::kTooLarge
                                                       : NumberFault::kNone;
}

NumberFault parse_integer(std::string_view text, std::int64_t& value) {
    const Digits d = split(text);
    if (d.fault != NumberFault::kNone) return d.fault;
    std::uint64_t magnitude = 0;
    const char* const end = d.body.data() + d.body.size();
    const auto fault =
        fault_of(std::from_chars(d.body.data(), end, magnitude, d.hex ? 16 : 10), end);
    if (fault != NumberFault::kNone) return fault;
    constexpr auto kMax = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    if (magnitude > kMax + (d.negative ? 1U : 0U)) return NumberFault::kTooLarge;
    value = static_cast<std::int64_t>(d.negative ? 0U - magnitude : magnitude);
    return NumberFault::kNone;
}

}  // namespace

NumberFault parse_number(std::string_view text, double& value) {
    const Digits d = split(text);
    if (d.fault != NumberFault::kNone) return d.fault;
    if (d.hex) {
        std::int64_t whole = 0;
        const NumberFault fault = parse_integer(text, whole);
        value = static_cast<double>(whole);
        return fault;
    }
    const char* const end = d.body.data() + d.body.size();
    const auto fault = fault_of(std::from_chars(d.body.data(), end, value), end);
    if (d.negative) value = -value;
    return fault;
}

NumberFault parse_whole(std::string_view text, std::int64_t& value) {
    constexpr double kExact = 9007199254740992.0;  // 2^53: doubles hold all whole numbers up to it
    const NumberFault fault = parse_integer(text, value);
    double number = 0.0;
    if (fault != NumberFault::kNotANumber || parse_number(text, number) != NumberFault::kNone) {
        return fault;
    }
    if (std::abs(number) > kExact || number != std::trunc(number)) return fault;
    value = static_cast<std::int64_t>(number);
    return NumberFault::kNone;
}

std::string_view unit_hint(std::string_view text) {
    struct Unit {
        std::string_view name;
        std::string_view hint;
    };
    constexpr std::string_view kTime = "numbers have no units: times are counted in steps";
    constexpr std::string_view kVoltage =
        "numbers have no units: potentials are in the integers of the neuron program, which "
        "'seamount asm NEURON' describes";
    constexpr std::string_view kRate =
        "numbers have no units: rates are in spikes per step (40 Hz in steps of 1 ms: 0.04)";
    static constexpr std::array<Unit, 16> kUnits{
        {{"s", kTime},
         {"ms", kTime},
         {"us", kTime},
         {"ns", kTime},
         {"sec", kTime},
         {"V", kVoltage},
         {"mV", kVoltage},
         {"uV", kVoltage},
         {"mv", kVoltage},
         {"Hz", kRate},
         {"kHz", kRate},
         {"hz", kRate},
         {"MHz", kRate},
         {"%", "write a fraction: 50 % is 0.5"},
         {"step", "leave the word out: times are counted in steps anyway"},
         {"steps", "leave the word out: times are counted in steps anyway"}}};
    const std::size_t end = text.find_first_not_of("+-0123456789.");
    double ignored = 0.0;
    if (end == std::string_view::npos || end == 0 ||
        parse_number(text.substr(0, end), ignored) != NumberFault::kNone) {
        return {};
    }
    text.remove_prefix(end);
    while (text.starts_with(' ')) text.remove_prefix(1);
    for (const Unit& unit : kUnits) {
        if (unit.name == text) return unit.hint;
    }
    const bool is_word = text.size() <= 4 && std::ranges::all_of(text, [](char c) {
                             return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
                         });
    return is_word ? "numbers have no units" : std::string_view{};
}

}  // namespace seamount::yaml
