#pragma once

#include <cstdint>

namespace seamount::emu {

/// What the learning engine of a core did in one step. Integers only; priced elsewhere.
struct LearningActivity {
    std::uint64_t synapse_updates = 0;  ///< a rule was applied to one synapse
    std::uint64_t synapse_writes = 0;
    std::uint64_t multiply_accumulates = 0;
    std::uint64_t trace_updates = 0;       ///< of compartments
    std::uint64_t axon_trace_updates = 0;  ///< of input axons
    std::uint64_t saturations = 0;
    /// Traces that were brought up to date, wherever they are.
    [[nodiscard]] std::uint64_t traces() const noexcept {
        return trace_updates + axon_trace_updates;
    }
};

}  // namespace seamount::emu
