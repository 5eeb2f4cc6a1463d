#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "isa/base/name_table.hpp"

namespace seamount::cli {

/// A value that is given by one of some names.
struct Choice {
    std::vector<std::string> names;
    std::function<void(std::size_t)> take;  ///< gets the place of the name among them
    std::string shown;                      ///< the default that the help shows
};

/// Chooses among the names of a table, or among `only` some of them; `shown` is the default that
/// the help shows. `value` may be optional: nothing, unless the option is given.
template <class Value, class Enum, std::size_t N, Enum First>
[[nodiscard]] Choice choice(Value& value, const NameTable<Enum, N, First>& table, Enum shown,
                            std::vector<Enum> only = {}) {
    if (only.empty()) {
        for (const Enum one : values(table)) only.push_back(one);
    }
    std::vector<std::string> shown_names;
    for (const Enum one : only) shown_names.emplace_back(name_of(table, one));
    return {std::move(shown_names), [&value, only](std::size_t place) { value = only[place]; },
            std::string{name_of(table, shown)}};
}

/// Numbers that an option takes.
struct Range {
    std::uint64_t least = 0;
    std::uint64_t most = 0;
    bool shown = false;  ///< in the help
};

/// Where a value goes; what points to nothing else keeps its default. A bool is a flag, without a
/// value. Lists are filled by repeating the option, or by the rest of the positional arguments.
using Target = std::variant<bool*, std::string*, std::filesystem::path*, std::vector<std::string>*,
                            std::vector<double>*, std::uint32_t*, std::uint64_t*, std::int64_t*,
                            std::optional<std::uint32_t>*, std::optional<std::uint64_t>*, Choice>;

/// An option or a positional argument, as data.
struct Option {
    std::string names;  ///< "-o,--output"; without dashes: a positional argument
    Target target;
    std::string help;
    std::optional<std::string> value_name = std::nullopt;  ///< in the help; none: by the type
    std::optional<Range> range = std::nullopt;
    /// What is wrong with the text of a value, in words; "": nothing.
    std::function<std::string(const std::string&)> check = nullptr;
    bool required = false;
    /// The same, but a subcommand may stand for it.
    bool required_alone = false;
    bool shows_default = false;   ///< what the target holds, in the help
    std::string shown_default{};  ///< of one that holds nothing
    bool by_commas = false;       ///< several values in one
    std::string excludes{};       ///< another option, listed before it
};

/// Seeds that can also stand in a network file; a minus sign is refused, not wrapped around.
inline constexpr Range kSeeds{0, std::numeric_limits<std::int64_t>::max()};

/// A command with all that it takes. What targets point to lives as long as `run`.
struct Command {
    std::string name;
    std::string help;
    std::vector<Option> options;
    std::string footer{};  ///< of its help; empty: that of the program
    std::vector<Command> subcommands{};
    std::function<int()> run{};  ///< returns the exit code; may throw InputError
    std::string group{};         ///< the heading under which the help lists it
};

/// Accepted before the subcommand and after it.
[[nodiscard]] inline Option quiet_option(bool& quiet) {
    return {"-q,--quiet", &quiet, "Print errors only; files are written as usual"};
}

}  // namespace seamount::cli
