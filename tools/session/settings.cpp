#include "tools/session/settings.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

#include "tools/base/config_library.hpp"

namespace seamount::session {

Settings settings_of(const std::vector<std::string>& assignments) {
    Settings settings;
    Diagnostics found;
    for (const std::string& assignment : assignments) {
        try {
            settings.add(assignment);
        } catch (const InputError& error) {
            found.add(error);
        }
    }
    found.throw_if_errors();
    return settings;
}

double seconds_of(const std::string& duration, const std::string& option) {
    struct Unit {
        std::string_view suffix;
        double seconds;
    };
    constexpr std::array<Unit, 4> kUnits{{{"", 1.0}, {"s", 1.0}, {"m", 60.0}, {"h", 3600.0}}};
    constexpr double kMost = 1e9;
    double value = 0.0;
    const char* const end = duration.data() + duration.size();
    const auto [stop, error] = std::from_chars(duration.data(), end, value);
    const std::string_view suffix{stop, static_cast<std::size_t>(end - stop)};
    const auto unit = std::ranges::find(kUnits, suffix, &Unit::suffix);
    const bool is_number = error == std::errc{} && value > 0.0 && value <= kMost;
    if (!is_number || unit == kUnits.end()) {
        bad_input("CLI-USAGE", option, fmt::format("'{}' is not a time", duration),
                  "seconds above 0, or 90s, 2m, 1h");
    }
    return value * unit->seconds;
}

std::uint64_t bytes_of(const std::string& size, const std::string& option) {
    constexpr std::string_view kUnits = "KMGT";
    std::uint64_t value = 0;
    const char* const end = size.data() + size.size();
    const auto [stop, error] = std::from_chars(size.data(), end, value);
    std::string_view unit{stop, static_cast<std::size_t>(end - stop)};
    for (const std::string_view suffix : {"iB", "B", "i"}) {
        if (!unit.ends_with(suffix)) continue;
        unit.remove_suffix(suffix.size());
        break;
    }
    const std::size_t power = unit.empty() ? 0 : kUnits.find(unit.front()) + 1;
    const bool is_unit = unit.empty() || (unit.size() == 1 && power != 0);
    const unsigned shift = 10U * static_cast<unsigned>(power);
    constexpr std::uint64_t kMost = std::uint64_t{1} << 62U;
    if (error != std::errc{} || !is_unit || value == 0 || value > kMost >> shift) {
        bad_input("CLI-USAGE", option, fmt::format("'{}' is not a size", size),
                  "bytes, or 800M, 4G");
    }
    return value << shift;
}

void reject_unused(const Settings& settings, const std::string& without_variables) {
    Diagnostics found;
    for (const std::string& name : settings.unused()) {
        const auto& declared = settings.declared();
        std::vector<std::string> known = declared;
        known.insert(known.end(), {"network", "seed"});
        const std::string near = closest(name, known);
        std::string hint = Settings::leads_into_network(name)
                               ? "an image holds its network; set the path where it is compiled"
                               : without_variables;
        if (!near.empty()) {
            hint = fmt::format("did you mean '{}'?", near);
        } else if (!declared.empty()) {
            hint = fmt::format("declared under vars: {}", fmt::join(declared, ", "));
        }
        found.error("CLI-SET-UNKNOWN", {"--set", 0, 0},
                    fmt::format("no file of this run declares the variable '{}'", name), hint);
    }
    found.throw_if_errors();
}

isa::ChipSpec load_chip(const std::string& chip, const Settings& settings,
                        std::vector<std::filesystem::path>* files) {
    const std::filesystem::path path =
        tools::resolve_chip(chip.empty() ? tools::kDefaultChip : chip);
    return isa::ChipSpec::load(path, settings, tools::find_config_dir() / "chips", files);
}

}  // namespace seamount::session
