#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "isa/base/diagnostic.hpp"
#include "isa/base/ids.hpp"

namespace seamount::isa {
struct ChipSpec;
}

namespace seamount::compiler {

struct Lowered;
struct Mapping;

/// What of a network causes the traffic of a mapping, if every neuron and host source spikes once.
struct MappingReport {
    /// What one projection would cost alone: projections from one source share packets.
    struct Cost {
        std::string projection;
        SourceLocation where;
        std::uint64_t synapses = 0;
        std::uint64_t packets = 0;  ///< (source, core with a target) pairs
        std::uint64_t hops = 0;     ///< links that they cross; not counted from host inputs
    };
    struct CoreTraffic {
        CoreId core;
        std::uint64_t packets_in = 0;  ///< sources with a synapse on this core
        std::uint64_t packets_out =
            0;  ///< (neuron of this core, core with a target) pairs, the own one included
    };

    /// [n]: how many neurons have their net, the neuron and its targets, on n cores.
    std::vector<std::uint64_t> nets_on_cores;
    std::vector<Cost> costliest;     ///< at most kCostliest projections, by packets
    std::vector<CoreTraffic> cores;  ///< ascending by core

    static constexpr std::size_t kCostliest = 10;
};

/// Walks all synapses twice. Every shard must have a core.
[[nodiscard]] MappingReport report_mapping(const Lowered& lowered, const Mapping& mapping,
                                           const isa::ChipSpec& chip);

}  // namespace seamount::compiler
