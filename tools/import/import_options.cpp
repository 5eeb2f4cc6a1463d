#include "tools/import/import_options.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <string_view>

#include "isa/base/diagnostic.hpp"

namespace seamount::importer {
namespace {

constexpr std::string_view kAutomatic = "auto";
constexpr std::int64_t kLongestReset = 1'000'000;  ///< steps; of the neurons' program

[[noreturn]] void refuse(const char* option, const std::string& text, const std::string& legal) {
    bad_input("CLI-USAGE", fmt::format("--{}", option),
              fmt::format("is '{}', must be {}", text, legal));
}

/// A text that is a finite number.
std::optional<double> finite(const std::string& text) {
    double value = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc{} || stop != end || !std::isfinite(value)) return std::nullopt;
    return value;
}

/// A positive number, as it stands.
double positive(const char* option, const std::string& text) {
    const auto value = finite(text);
    if (value && *value > 0) return *value;
    refuse(option, text, "a number above 0");
}

std::int64_t whole(const char* option, const std::string& text, std::int64_t least,
                   std::int64_t most) {
    std::int64_t value = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    if (error == std::errc{} && stop == end && value >= least && value <= most) return value;
    refuse(option, text, fmt::format("in [{}, {}]", least, most));
}

template <class Enum, std::size_t N, Enum First>
Enum named(const char* option, const std::string& text, const NameTable<Enum, N, First>& table) {
    if (const auto value = parse(table, text)) return *value;
    refuse(option, text, fmt::format("one of {}", fmt::join(names(table), ", ")));
}

struct TimeUnit {
    std::string_view name;
    double seconds;
};
constexpr std::array kTimeUnits{TimeUnit{"s", 1.0}, TimeUnit{"ms", 1e-3}, TimeUnit{"us", 1e-6},
                                TimeUnit{"ns", 1e-9}};

/// A positive number, with the unit behind it if there is one.
std::pair<double, const TimeUnit*> time(const char* option, const std::string& text) {
    const TimeUnit* found = nullptr;
    for (const TimeUnit& unit : kTimeUnits) {
        if (text.ends_with(unit.name)) found = &unit;  // the longest comes last
    }
    if (found == nullptr) return {positive(option, text), nullptr};
    std::string number = text.substr(0, text.size() - found->name.size());
    while (number.ends_with(' ')) number.pop_back();
    const auto value = finite(number);
    const double seconds = value.value_or(0.0) * found->seconds;
    if (!(seconds > 0.0) || !std::isfinite(seconds)) refuse(option, text, "a time above 0");
    return {*value, found};
}

/// OLD=NEW,OLD=NEW.
std::vector<std::pair<std::string, std::string>> renames(const std::string& text) {
    std::vector<std::pair<std::string, std::string>> pairs;
    for (std::size_t begin = 0; begin <= text.size();) {
        const std::size_t end = std::min(text.find(',', begin), text.size());
        const std::string one = text.substr(begin, end - begin);
        const std::size_t equals = one.find('=');
        if (equals == std::string::npos || equals == 0 || equals + 1 == one.size()) {
            refuse("rename", text, "GRAPH/NAME=NODE, or several with commas between them");
        }
        pairs.emplace_back(one.substr(0, equals), one.substr(equals + 1));
        begin = end + 1;
    }
    return pairs;
}

constexpr std::array kOptions{
    ImportOption{
        "bias", "FILE.npy",
        "netx: bias mantissas of an input layer with neurons: (C, H, W), (W, H, C) or flat",
        [](ImportOptions& options, const std::string& text) { options.netx.bias = text; }},
    ImportOption{"reset-every", "STEPS",
                 "netx: steps from one reset of a layer's u and v to the next (default: none)",
                 [](ImportOptions& options, const std::string& text) {
                     options.netx.reset_every =
                         static_cast<std::uint32_t>(whole("reset-every", text, 1, kLongestReset));
                 }},
    ImportOption{"reset-offset", "STEPS",
                 "netx: layer k is reset at the start of steps t = k + this, modulo --reset-every; "
                 "t from 0",
                 [](ImportOptions& options, const std::string& text) {
                     options.netx.reset_offset =
                         whole("reset-offset", text, -kLongestReset, kLongestReset);
                 }},
    ImportOption{
        "dt", "TIME",
        "How long a step is: 1ms, 0.5us; without a unit in that of the file: seconds (NIR), "
        "milliseconds (SONATA)",
        [](ImportOptions& options, const std::string& text) {
            const auto [number, unit] = time("dt", text);
            options.dt = text;
            options.dt_has_unit = unit != nullptr;
            options.nir.dt = unit ? number * unit->seconds : number;
            options.sonata.dt_ms = unit ? number * unit->seconds * 1e3 : number;
        }},
    ImportOption{"reset", "zero|subtract", "NIR: what a spike does to the voltage (default zero)",
                 [](ImportOptions& options, const std::string& text) {
                     options.nir.reset = named("reset", text, kNirResetNames);
                 }},
    ImportOption{
        "discretise", "euler|exact",
        "NIR: share of a value that decays in a step: dt / tau (default), or 1 - exp(-dt / "
        "tau)",
        [](ImportOptions& options, const std::string& text) {
            options.nir.discretisation = named("discretise", text, kNirDiscretisationNames);
        }},
    ImportOption{"like", "own|lava",
                 "NIR: whose integers: the nearest (default), or those of lava's converter, which "
                 "truncates",
                 [](ImportOptions& options, const std::string& text) {
                     options.nir.like = named("like", text, kNirLikeNames);
                 }},
    ImportOption{"scale", "auto|FACTOR",
                 "NIR: units of v on the chip per unit of the file's, for all populations",
                 [](ImportOptions& options, const std::string& text) {
                     options.nir.scale.reset();
                     if (text != kAutomatic) options.nir.scale = positive("scale", text);
                 }},
    ImportOption{
        "split-weights", "", "NIR: two synapses per weight, a coarse one and the rest",
        [](ImportOptions& options, const std::string&) { options.nir.split_weights = true; }},
    ImportOption{"calibrate", "INPUT=FILE",
                 "NIR: choose scales for the spikes of a file instead of random ones",
                 [](ImportOptions& options, const std::string& text) {
                     options.nir.calibrate.push_back(text);
                 }},
    ImportOption{"graded", "", "NIR: let values that are no spikes travel as payloads",
                 [](ImportOptions& options, const std::string&) { options.nir.graded = true; }},
    ImportOption{"allow-open", "", "NIR: take graphs without an Input or an Output",
                 [](ImportOptions& options, const std::string&) { options.nir.allow_open = true; }},
    ImportOption{"rename", "GRAPH/NAME=NODE,...",
                 "NIR: edges in GRAPH (none: the outermost) that name NAME mean its NODE",
                 [](ImportOptions& options, const std::string& text) {
                     options.nir.rename = renames(text);
                 }},
};

}  // namespace

std::span<const ImportOption> import_option_table() {
    return kOptions;
}

const ImportOption* find_import_option(const std::string& name) {
    const auto* const found = std::find_if(kOptions.begin(), kOptions.end(),
                                           [&](const auto& row) { return row.name == name; });
    return found == kOptions.end() ? nullptr : found;
}

ImportOptions read_import_options(const std::vector<std::pair<std::string, std::string>>& given) {
    ImportOptions options;
    Diagnostics found;
    for (const auto& [name, text] : given) {
        const ImportOption* const option = find_import_option(name);
        if (option == nullptr) {
            found.error("CLI-USAGE", {"--" + name, 0, 0}, "no option of the importers");
            continue;
        }
        try {
            option->set(options, text);
        } catch (const InputError& error) {
            found.add(error);
        }
    }
    found.throw_if_errors();
    return options;
}

std::vector<std::string> given(const ImportOptions& options) {
    std::vector<std::string> names = given(options.netx);
    for (const std::vector<std::string>& more : {given(options.nir), given(options.sonata)}) {
        for (const std::string& name : more) {
            if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
        }
    }
    return names;
}

}  // namespace seamount::importer
