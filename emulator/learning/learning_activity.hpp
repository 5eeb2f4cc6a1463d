#pragma once

#include <cstdint>

namespace seamount::emu {

/// What the learning engine of a core did. All but `axon_trace_updates` are the same for every
/// mapping.
struct LearningActivity {
    std::uint64_t synapse_updates = 0;       ///< synapses read, each once per epoch
    std::uint64_t synapse_writes = 0;        ///< of those, changed
    std::uint64_t multiply_accumulates = 0;  ///< factors and scales of the products with open gates
    std::uint64_t trace_updates = 0;         ///< post traces of live compartments, per epoch
    std::uint64_t axon_trace_updates = 0;    ///< pre traces of live blocks: like packets, a source
                                             ///< has one block in each core that it reaches
    std::uint64_t saturations = 0;           ///< results beyond the range of their variable

    LearningActivity& operator+=(const LearningActivity& other) noexcept {
        synapse_updates += other.synapse_updates;
        synapse_writes += other.synapse_writes;
        multiply_accumulates += other.multiply_accumulates;
        trace_updates += other.trace_updates;
        axon_trace_updates += other.axon_trace_updates;
        saturations += other.saturations;
        return *this;
    }
    /// Traces that were brought up to date, wherever they are.
    [[nodiscard]] std::uint64_t traces() const noexcept {
        return trace_updates + axon_trace_updates;
    }
    friend bool operator==(const LearningActivity&, const LearningActivity&) = default;
};

}  // namespace seamount::emu
