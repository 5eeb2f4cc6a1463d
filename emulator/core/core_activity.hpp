#pragma once

#include <cstdint>
#include <vector>

#include "emulator/learning/learning_activity.hpp"

namespace seamount::emu {

/// A spike as its core emitted it, with what the core had done before: the timing model turns that
/// into an instant.
struct EmittedSpike {
    std::uint32_t compartment = 0;  ///< within the core
    std::int32_t payload = 1;
    std::uint8_t channel = 0;
    std::uint32_t updates_done = 0;  ///< compartments updated before and including this one
    std::uint32_t active_done = 0;   ///< of those, how many were active
    std::uint64_t cycles_done = 0;   ///< instruction cycles until then
};

/// What one core did in one step. Integers only; priced elsewhere.
struct CoreActivity {
    std::uint64_t updates = 0;
    std::uint64_t active_updates = 0;  ///< changed a state word or spiked
    std::uint64_t instructions = 0;
    std::uint64_t cycles = 0;  ///< instructions weighted with OpInfo::cycles
    std::uint64_t packets_in = 0;
    std::uint64_t synaptic_events = 0;
    /// What tiles that are filled up beyond the edge of their feature map add: compartments that
    /// are updated, their instruction cycles, and synaptic events onto them.
    std::uint64_t padding_updates = 0;
    std::uint64_t padding_cycles = 0;
    std::uint64_t padding_events = 0;
    std::uint64_t dropped_pushes = 0;  ///< PSH beyond the core's compartments
    /// Results that .w22, .w24, .wl, .w16 or .sat changed, and accumulators that wrapped around.
    std::uint64_t overflows = 0;
    LearningActivity learning;
    std::vector<EmittedSpike> spikes;
};

}  // namespace seamount::emu
