#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "compiler/ir/lowered.hpp"
#include "compiler/partition/graph/portfolio.hpp"
#include "isa/chip/chip_spec.hpp"

namespace seamount::compiler {

/// A mapping with what is known about it.
struct GraphPartition {
    Mapping mapping;
    std::uint64_t cost = 0;  ///< Hypergraph cost: packets to other cores, by rate
    std::string how;
    bool is_random = false;
};

/// How a search ended.
struct GraphSearch {
    std::optional<GraphPartition> found;
    bool gave_up = false;  ///< early: what was found needed kGiveUpFactor times the chip's axons
};

/// Gives every neuron of `start` that has no shard one of its own by partitioning the hypergraph of
/// the network; the result keeps all limits of the chip, counted exactly. Finds nothing if there is
/// none that does, or if the network is too large for the tables of refinement.
///
/// With `last_is_outside` the last shard of `start` stands for whatever is elsewhere: it is no
/// core, and keeps no limits.
///
/// What blocks of synapse memory need beyond their synapses is not additive: it is counted for the
/// finished mapping, and if a core exceeds the limit the search is repeated with less for each.
[[nodiscard]] GraphSearch partition_by_graph(const Lowered& lowered, const isa::ChipSpec& chip,
                                             const Mapping& start,
                                             IdSpan<NeuronId, const std::uint32_t> rates,
                                             const PortfolioOptions& options,
                                             bool last_is_outside = false);

/// Cost of any finished mapping, counted the same way.
[[nodiscard]] std::uint64_t mapping_cost(const Lowered& lowered, const Mapping& mapping,
                                         IdSpan<NeuronId, const std::uint32_t> rates);

/// That cost as a share of what it would be if every neuron lay on any of the cores by chance.
[[nodiscard]] double share_of_chance(const Lowered& lowered, const Mapping& mapping,
                                     IdSpan<NeuronId, const std::uint32_t> rates);

}  // namespace seamount::compiler
