#pragma once

#include <cstdint>
#include <vector>

#include "compiler/ir/lowered.hpp"
#include "isa/chip/chip_spec.hpp"

namespace seamount::compiler {

/// What a core has to do in a step in which every neuron spikes once.
struct CoreWork {
    std::uint64_t packets_out = 0;  ///< those to the own core too
    std::uint64_t packets_in = 0;
    std::uint64_t synapses = 0;  ///< synaptic operations of sparse formats
    std::uint64_t dense = 0;     ///< of dense ones
    std::uint64_t words = 0;     ///< of 32 bits of synapse memory that are read
};

/// What one spike of every neuron loads onto the mesh. Host inputs are not counted.
struct Traffic {
    std::uint64_t packets = 0;  ///< (neuron, distinct other core) pairs
    std::uint64_t local_packets =
        0;                       ///< neurons that reach their own core: packets that stay there
    std::uint64_t hops = 0;      ///< links crossed by those packets, XY routing
    std::uint64_t max_link = 0;  ///< packets on the busiest link, each direction for itself
    std::uint64_t max_off_chip_link = 0;  ///< on the busiest of the links between chips
    IdVector<ShardId, CoreWork> work;
};

/// As if all links worked.
[[nodiscard]] Traffic count_traffic(const Lowered& lowered, const Mapping& mapping,
                                    const isa::ChipSpec& chip);

/// The same over the routes that a chip with dead links has.
[[nodiscard]] Traffic routed_traffic(const Lowered& lowered, const Mapping& mapping,
                                     const isa::ChipSpec& chip);

}  // namespace seamount::compiler
