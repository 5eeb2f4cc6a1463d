#pragma once

#include <cstdint>
#include <vector>

#include "compiler/ir/lowered.hpp"
#include "compiler/ir/mapping_method.hpp"
#include "isa/chip/chip_spec.hpp"

namespace seamount::compiler {

/// How busy a network was in a run.
struct Activity {
    std::vector<std::uint32_t> spikes;  ///< per neuron; empty: nothing is known, all spike always
    std::uint64_t steps = 0;            ///< in which they were counted
    std::uint64_t input_spikes = 0;     ///< of all host inputs together
};

/// What each neuron costs its core in a step, in 1/1000 of a picosecond by the prices of the chip:
/// its update, its spikes and the synapses that reach it, each as often as its source spikes. And
/// the share of each core when `cores` have equal work. On a chip without prices all neurons cost
/// the same. `activity` has no spikes, or those of all neurons. O(synapses).
[[nodiscard]] WorkCap work_cap(const Lowered& lowered, const isa::ChipSpec& chip,
                               const Activity& activity, std::uint32_t cores);

}  // namespace seamount::compiler
