#pragma once

#include <cstdint>
#include <vector>

#include "compiler/ir/lowered.hpp"
#include "isa/chip/chip_spec.hpp"

namespace seamount::compiler {

/// Spikes per neuron, or source, and step; by index of Network::populations and inputs.
struct SourceRates {
    std::vector<double> populations;
    std::vector<double> inputs;
};

/// What a step of a placed network is expected to cost.
///
/// Counts are what the rates make of the connections; time is as compiler::StepTime has it (the
/// slowest core or the busiest link, and the barrier: packets wait for nothing else); energy is
/// counts times prices, and the power of the chips for that time. All compartments are taken for
/// active and their programs for as long as the longest path; learning is not counted, payloads
/// take no flits.
struct RateEstimate {
    double spikes = 0.0;  ///< of neurons, per step
    double packets = 0.0;
    double hops = 0.0;
    double synaptic_events = 0.0;
    double core_time_s = 0.0;
    double link_time_s = 0.0;
    double barrier_time_s = 0.0;  ///< with the management by the host
    double step_time_s = 0.0;
    double dynamic_j = 0.0;
    double static_j = 0.0;
    /// Per population, of dynamic_j: its updates, spikes and the synaptic operations onto it.
    std::vector<double> layer_j;

    [[nodiscard]] double energy_j() const noexcept { return dynamic_j + static_j; }
};

/// Every shard must have a core of the chip, every rate a value.
[[nodiscard]] RateEstimate estimate(const Lowered& lowered, const Mapping& mapping,
                                    const isa::ChipSpec& chip, const SourceRates& rates);

}  // namespace seamount::compiler
