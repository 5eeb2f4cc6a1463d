#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "isa/base/diagnostic.hpp"
#include "isa/base/name_table.hpp"

namespace seamount::explore {

/// Who chooses the points of a sweep; strategies.def lists them.
enum class StrategyKind : std::uint8_t {
#define SM_DESIGN(name, text, takes, places) k##name,
#define SM_SEARCH(name, text, takes, make) k##name,
#include "tools/explore/sweep/strategies.def"
};
inline constexpr auto kStrategyNames = name_table<StrategyKind>({
#define SM_DESIGN(name, text, takes, places) {StrategyKind::k##name, text},
#define SM_SEARCH(name, text, takes, make) {StrategyKind::k##name, text},
#include "tools/explore/sweep/strategies.def"
});

/// What the section of a strategy may or must say.
enum Takes : std::uint32_t {
    kTakesSeed = 1U << 0U,        ///< `seed`
    kTakesPoints = 1U << 1U,      ///< `points`, which it needs
    kTakesPopulation = 1U << 2U,  ///< `population` and `generations`
    kTakesCommand = 1U << 3U,     ///< `command`, which it needs
    kTakesLevels = 1U << 4U,      ///< nothing more, but every range must have steps or points
};
[[nodiscard]] bool takes(StrategyKind kind, Takes what);

/// True if all its points are known before the first result.
[[nodiscard]] bool is_design(StrategyKind kind);

/// How points are chosen.
struct StrategySpec {
    StrategyKind kind = StrategyKind::kGrid;
    std::uint64_t seed = 1;
    std::uint32_t points = 0;  ///< of random, lhs, sobol
    std::uint32_t population = 24;
    std::uint32_t generations = 20;
    std::vector<std::string> command;  ///< of ask_tell; its first word may be a file by the sweep
    SourceLocation where;

    [[nodiscard]] std::string name() const { return std::string{name_of(kStrategyNames, kind)}; }
};

}  // namespace seamount::explore
