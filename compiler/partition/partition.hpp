#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "compiler/ir/core_fill.hpp"
#include "compiler/ir/lowered.hpp"
#include "isa/chip/chip_spec.hpp"

namespace seamount::compiler {

struct PartitionOptions {
    std::string partitioner = "auto";  ///< one of kPartitioners
    std::uint64_t seed = 1;            ///< changes the mapping, never the network
    std::uint32_t effort = 5;          ///< 0 fastest .. 9 best
    /// Packets that each is expected to send, relative to each other, at least 1; empty: all alike.
    IdVector<NeuronId, std::uint32_t> rates;
};
/// auto: pinned neurons stay, the method follows from size and structure of the network.
/// greedy: next-fit in the order of the network; ignores pins. stream: one pass over the neurons.
/// metis: METIS on graphs of pairs. multilevel: own coarsening. The last three keep pins too.
inline constexpr std::array kPartitioners{"auto", "greedy", "stream", "metis", "multilevel"};

struct Partition {
    Mapping mapping;
    IdVector<ShardId, CoreFill> fills;  ///< empty if some neuron has none
    std::string how;                    ///< which method the mapping comes from
    bool is_random = false;  ///< the network is like a random one: no mapping is much better
};

/// Cuts the network into core-sized shards that keep all limits of the chip, with few packets
/// between them.
///
/// Where the method of the options finds no mapping within the limits, next-fit is tried. Reports
/// CMP-PIN, CMP-FIT, CMP-CORES; the result is usable only if there is none of them.
[[nodiscard]] Partition partition(const Lowered& lowered, const isa::ChipSpec& chip,
                                  const PartitionOptions& options, Diagnostics& diagnostics);

/// The same with all other options at their defaults.
[[nodiscard]] inline Partition partition(const Lowered& lowered, const isa::ChipSpec& chip,
                                         const std::string& partitioner, std::uint64_t seed,
                                         Diagnostics& diagnostics) {
    return partition(lowered, chip, PartitionOptions{partitioner, seed, 5, {}}, diagnostics);
}

}  // namespace seamount::compiler
