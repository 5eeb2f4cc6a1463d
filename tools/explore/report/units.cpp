#include "tools/explore/report/units.hpp"

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <map>

#include "isa/base/name_table.hpp"

namespace seamount::explore {
namespace {

enum class Unit : std::uint8_t {
    kPicoseconds,
    kNanoseconds,
    kMicroseconds,
    kMilliseconds,
    kSeconds,
    kPicojoules,
    kNanojoules,
    kJoules,
    kMilliwatts,
    kWatts,
    kMegahertz,
    kBits,
    kBytes,
};
/// How names end that have a unit.
constexpr auto kEndings = name_table<Unit>({
    {Unit::kPicoseconds, "ps"},
    {Unit::kNanoseconds, "ns"},
    {Unit::kMicroseconds, "us"},
    {Unit::kMilliseconds, "ms"},
    {Unit::kSeconds, "s"},
    {Unit::kPicojoules, "pj"},
    {Unit::kNanojoules, "nj"},
    {Unit::kJoules, "j"},
    {Unit::kMilliwatts, "mw"},
    {Unit::kWatts, "w"},
    {Unit::kMegahertz, "mhz"},
    {Unit::kBits, "bits"},
    {Unit::kBytes, "bytes"},
});
/// How they are written.
constexpr auto kSymbols = name_table<Unit>({
    {Unit::kPicoseconds, "ps"},
    {Unit::kNanoseconds, "ns"},
    {Unit::kMicroseconds, "µs"},
    {Unit::kMilliseconds, "ms"},
    {Unit::kSeconds, "s"},
    {Unit::kPicojoules, "pJ"},
    {Unit::kNanojoules, "nJ"},
    {Unit::kJoules, "J"},
    {Unit::kMilliwatts, "mW"},
    {Unit::kWatts, "W"},
    {Unit::kMegahertz, "MHz"},
    {Unit::kBits, "bit"},
    {Unit::kBytes, "B"},
});

bool is_of_name(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.';
}

/// Of "energy_j.events.spike": the last part that has one.
std::string unit_of_name(std::string_view name) {
    for (;;) {
        const std::size_t dot = name.rfind('.');
        const std::string_view part = dot == std::string_view::npos ? name : name.substr(dot + 1);
        const std::size_t line = part.rfind('_');
        if (line != std::string_view::npos) {
            if (const auto unit = parse(kEndings, part.substr(line + 1))) {
                return std::string{name_of(kSymbols, *unit)};
            }
        }
        if (dot == std::string_view::npos) return {};
        name = name.substr(0, dot);
    }
}

/// "J·s", "J/s", from how often each stands above and below.
std::string product(const std::map<std::string, int>& powers) {
    std::string above;
    std::string below;
    for (const auto& [unit, power] : powers) {
        std::string& side = power > 0 ? above : below;
        if (power == 0) continue;
        side += (side.empty() ? "" : "·") + unit;
        if (std::abs(power) > 1) side += '^' + std::to_string(std::abs(power));
    }
    if (below.empty()) return above;
    return (above.empty() ? "1" : above) + '/' + below;
}

}  // namespace

std::string unit_of(std::string_view formula) {
    std::map<std::string, int> powers;
    int direction = 1;
    bool wants_name = true;
    for (std::size_t at = 0; at < formula.size();) {
        if (formula[at] == ' ') {
            ++at;
        } else if (wants_name && is_of_name(formula[at]) &&
                   std::isdigit(static_cast<unsigned char>(formula[at])) == 0) {
            const auto* const end =
                std::find_if_not(formula.begin() + at, formula.end(), is_of_name);
            const auto size = static_cast<std::size_t>(end - (formula.begin() + at));
            const std::string unit = unit_of_name(formula.substr(at, size));
            if (!unit.empty()) powers[unit] += direction;
            at += size;
            wants_name = false;
        } else if (!wants_name && (formula[at] == '*' || formula[at] == '/')) {
            direction = formula[at] == '*' ? 1 : -1;
            wants_name = true;
            ++at;
        } else {
            return {};
        }
    }
    return wants_name ? std::string{} : product(powers);
}

}  // namespace seamount::explore
