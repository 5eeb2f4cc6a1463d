#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "isa/yaml/yaml.hpp"
#include "tools/explore/sweep/parameter.hpp"
#include "tools/explore/sweep/strategy_spec.hpp"
#include "tools/session/imported_network.hpp"

namespace seamount::explore {

/// Which values of an objective are the better ones.
enum class Direction : std::uint8_t { kMinimize, kMaximize };
/// Keys of an objective in a sweep file.
inline constexpr auto kDirectionNames =
    name_table<Direction>({{Direction::kMinimize, "minimize"}, {Direction::kMaximize, "maximize"}});

/// A program of the user's that is given the run's summary and prints a number.
struct Script {
    std::filesystem::path file;
};

/// What a sweep minimises or maximises: what a script prints, or a formula over the keys of the
/// run's summary and the parameters.
struct Objective {
    std::string name;
    SourceLocation where;
    Direction direction = Direction::kMinimize;
    std::variant<Script, Formula> source;

    /// Null if it is a script.
    [[nodiscard]] const Formula* formula() const noexcept { return std::get_if<Formula>(&source); }
    /// Null if it is a formula.
    [[nodiscard]] const Script* script() const noexcept { return std::get_if<Script>(&source); }
    /// The formula, or the script's name without its folder.
    [[nodiscard]] std::string source_text() const;
};

/// Run every point with `set` on top first, then those of the best fronts as they are.
struct ScreenSpec {
    Assignment set;
    std::uint32_t fronts = 1;
    Places places{};  ///< of `set`
};

/// When to stop; 0 means never.
struct Budget {
    std::uint64_t points = 0;
    double wall_s = 0.0;
    std::uint64_t without_improvement = 0;  ///< points since the front last changed
    std::uint64_t failures = 0;
};

/// What a point may take; 0 means as much as it likes.
struct PointLimits {
    double time_s = 0.0;
    double memory_mb = 0.0;
};

/// A sweep as its file says.
struct Sweep {
    std::string name;
    std::filesystem::path file;
    std::filesystem::path network;
    /// If `network` is one of another tool, as it is imported with the options in `set:`.
    std::shared_ptr<const session::ImportedNetwork> imported;
    std::string chip;  ///< file, or name in the library
    Space space;
    std::vector<Objective> objectives;
    StrategySpec strategy;
    std::vector<std::uint64_t> seeds;  ///< empty: one run with the network's own seed
    std::optional<ScreenSpec> screen;
    Budget budget;
    PointLimits limits;

    /// The network file, where it was imported the temporary one.
    [[nodiscard]] const std::filesystem::path& network_file() const noexcept {
        return imported ? imported->file() : network;
    }
    /// Absolute paths of the scripts among the objectives, in their order.
    [[nodiscard]] std::vector<std::string> scripts() const;
    /// Text of everything that decides which points there are and what they are measured by: equal
    /// text, equal sweep.
    [[nodiscard]] std::string definition() const;
};

/// Reads a sweep; all problems of the file are added to `found`, and what has one is left out of
/// the result. Throws InputError if the file is no YAML.
[[nodiscard]] Sweep load_sweep(const std::filesystem::path& path, const Settings& settings,
                               Diagnostics& found);
/// The same. Throws InputError with all problems of the file.
[[nodiscard]] Sweep load_sweep(const std::filesystem::path& path, const Settings& settings = {});

}  // namespace seamount::explore
