#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "isa/learning/microcode.hpp"

namespace seamount::emu {

/// What a synapse learned.
struct SynapseState {
    std::int16_t weight = 0;  ///< mantissa, -256..255
    std::int16_t delay = 0;   ///< steps; read back only if the rule moves delays
    std::int16_t tag = 0;
    std::int16_t second_tag = 0;
    friend bool operator==(const SynapseState&, const SynapseState&) = default;
};

/// The traces of a source (x1 x2) or of a target neuron (y1 y2 y3), between two steps.
struct TraceState {
    std::uint32_t key = 0;                ///< index of the source, or global id of the neuron
    std::array<std::int16_t, 3> value{};  ///< at the start of the epoch, or as last held
    std::uint8_t time = 0;                ///< step of the last spike in the epoch, from 1; 0: none
    std::uint8_t live = 0;                ///< 1 if it counts as live in this epoch
    friend bool operator==(const TraceState&, const TraceState&) = default;
};

/// A projection that learns, on whatever cores it is. Nothing here depends on the mapping.
struct ProjectionState {
    std::vector<SynapseState> synapses;  ///< by id
    std::vector<TraceState> pre;         ///< of sources with anything in them, by key
    std::vector<TraceState> post;        ///< of neurons, likewise
    /// Of rules whose post traces come from the program: their values after each step of the epoch,
    /// epoch x 3 for each entry of `post`.
    std::vector<std::int16_t> post_history;
    std::array<std::int64_t, isa::kRewards> rewards{};  ///< of the epoch so far
    std::vector<std::uint32_t> late_post;  ///< neurons whose spike counts in the next step
    friend bool operator==(const ProjectionState&, const ProjectionState&) = default;
};

}  // namespace seamount::emu
