#pragma once

#include <cstdint>
#include <vector>

#include "compiler/partition/hypergraph/assignment.hpp"

namespace seamount::compiler {

/// Which pairs of vertices a graph partitioner is told to keep together.
struct PairGraph {
    bool synapses = false;    ///< the source of a net with each target
    std::uint32_t rings = 0;  ///< neighbours on so many random rings through all pins of a net
    std::uint32_t most_targets = 0;  ///< of a net: so many of them, drawn evenly; 0: all
};

/// A partition of the vertices by METIS on a graph of pairs, balanced as far as the limits allow.
/// May exceed limits. With few vertices per part, or more edges than METIS can number, it is the
/// streaming seed. Deterministic for a
/// seed; METIS keeps its state to the calling thread.
[[nodiscard]] std::vector<std::uint32_t> metis_seed(const Hypergraph& graph, std::uint32_t parts,
                                                    const PartLimits& limits,
                                                    const PairGraph& pairs, std::uint64_t seed);

/// One pass over the vertices in their order: each goes to the part with room that most of its nets
/// reach already, less the fuller the part is. Vertices that fit nowhere go to the emptiest part.
[[nodiscard]] std::vector<std::uint32_t> streaming_seed(const Hypergraph& graph,
                                                        std::uint32_t parts,
                                                        const PartLimits& limits);

/// Own multilevel scheme: merges vertices that share nets, step by step, partitions the coarsest
/// graph and refines the partition on the way back. Slower than the others, and needs no library.
[[nodiscard]] std::vector<std::uint32_t> multilevel_seed(const Hypergraph& graph,
                                                         std::uint32_t parts,
                                                         const PartLimits& limits,
                                                         std::uint64_t seed);

/// Vertices that the same sources reach, that reach the same targets and that are of one kind are
/// interchangeable ("twins", such as the channels of a pixel in a convolution): gives each vertex
/// the number of its group, in groups small enough to fill a part well. Returns how many there are.
[[nodiscard]] std::uint32_t find_twins(const Hypergraph& graph, const PartLimits& limits,
                                       std::vector<std::uint32_t>& group_of);

}  // namespace seamount::compiler
