#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "isa/base/name_table.hpp"

namespace seamount::importer {

/// What a spike does to the voltage; a NIR file only says to which value, if it is set.
enum class NirReset : std::uint8_t {
    kZero,      ///< sets it to v_reset
    kSubtract,  ///< subtracts v_threshold
};
inline constexpr auto kNirResetNames = name_table<NirReset>({
    {NirReset::kZero, "zero"},
    {NirReset::kSubtract, "subtract"},
});

/// How an equation becomes one of steps: the share that decays in a step.
enum class NirDiscretisation : std::uint8_t {
    kEuler,  ///< dt / tau
    kExact,  ///< 1 - exp(-dt / tau)
};
inline constexpr auto kNirDiscretisationNames = name_table<NirDiscretisation>({
    {NirDiscretisation::kEuler, "euler"},
    {NirDiscretisation::kExact, "exact"},
});

/// Whose integers a network shall have.
enum class NirLike : std::uint8_t {
    kOwn,   ///< the nearest
    kLava,  ///< those of lava's converter, which truncates
};
inline constexpr auto kNirLikeNames = name_table<NirLike>({
    {NirLike::kOwn, "own"},
    {NirLike::kLava, "lava"},
});

/// What a NIR file does not say.
struct NirOptions {
    std::optional<double> dt;       ///< seconds per step; needed where a node has a time
    std::optional<NirReset> reset;  ///< nothing: zero, with a note where it matters
    NirDiscretisation discretisation = NirDiscretisation::kEuler;
    NirLike like = NirLike::kOwn;
    std::optional<double> scale;  ///< units of v on the chip per unit of the file; nothing: chosen
    bool split_weights = false;   ///< two synapses per weight: a coarse one and the rest
    bool graded = false;          ///< values that are no spikes travel as payloads
    /// NAME=FILE of spikes, as `run --input` has them: what scales are chosen for, instead of
    /// noise.
    std::vector<std::string> calibrate{};
    bool allow_open = false;  ///< graphs without an Input or an Output
    /// What edges name, and which node of the same graph it is instead: ("lif1/lif", "lif1") for
    /// the ends "lif" of the edges in the graph "lif1". A "/" stands for a "." as well.
    std::vector<std::pair<std::string, std::string>> rename{};
};

}  // namespace seamount::importer
