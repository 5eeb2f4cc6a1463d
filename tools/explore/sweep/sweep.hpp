#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "isa/yaml/yaml.hpp"
#include "tools/explore/sweep/parameter.hpp"

namespace seamount::explore {

/// What a sweep minimises or maximises: a formula over the keys of the run's summary and the
/// parameters, or what a user's script prints when it is given the summary.
struct Objective {
    std::string name;
    SourceLocation where;
    bool maximize = false;
    std::optional<Formula> formula;
    std::filesystem::path script;  ///< empty: the formula
};

/// How points are chosen.
struct StrategySpec {
    std::string name = "grid";  ///< grid, random, lhs, sobol, nsga2, ask_tell
    std::uint64_t seed = 1;
    std::uint32_t points = 0;  ///< of random, lhs, sobol
    std::uint32_t population = 24;
    std::uint32_t generations = 20;
    std::vector<std::string> command;  ///< of ask_tell; its first word may be a file by the sweep
    SourceLocation where;
};

/// Run every point with `set` on top first, then those of the best fronts as they are.
struct ScreenSpec {
    Assignment set;
    std::uint32_t fronts = 1;
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
    std::string chip;  ///< file, or name in the library
    Space space;
    std::vector<Objective> objectives;
    StrategySpec strategy;
    std::vector<std::uint64_t> seeds;  ///< empty: one run with the network's own seed
    std::optional<ScreenSpec> screen;
    Budget budget;
    PointLimits limits;

    /// Text of everything that decides which points there are and what they are measured by: equal
    /// text, equal sweep.
    [[nodiscard]] std::string definition() const;
};

/// Reads a sweep. Throws InputError with all problems of the file.
[[nodiscard]] Sweep load_sweep(const std::filesystem::path& path, const Settings& settings = {});

}  // namespace seamount::explore
