#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "compiler/ir/lowered.hpp"
#include "compiler/ir/mapper.hpp"
#include "isa/chip/core_limits.hpp"

namespace seamount::compiler {

/// What one population takes of the cores.
struct LayerFit {
    std::string population;
    std::uint64_t neurons = 0;
    std::uint64_t cores = 0;                               ///< on which it has neurons
    std::uint64_t shared_cores = 0;                        ///< of these, with others
    isa::CoreLimit limit = isa::CoreLimit::kCompartments;  ///< the fullest on any of its cores
    std::uint64_t used = 0;                                ///< of it, there, by all who are there
    std::uint64_t allowed = 0;
    std::string contributor;  ///< to that: "projection 'conv2->conv3'"; may be empty
    std::uint64_t contributor_amount = 0;
    // Of the population alone, its cores together. Sources that reach several of its cores count on
    // each; of rows that are stored once it has the share of its synapses.
    std::uint64_t synapses = 0;
    std::uint64_t synapse_bits = 0;  ///< of memory, as its cores store them
    std::uint64_t input_axons = 0;
    std::uint64_t output_axons = 0;
};

/// One entry for each population. All neurons have a shard, `cut.fills` are there.
[[nodiscard]] std::vector<LayerFit> layer_fits(const Lowered& lowered, const Partition& cut,
                                               const isa::CoreLimits& limits);

}  // namespace seamount::compiler
