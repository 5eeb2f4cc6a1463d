#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "compiler/ir/lowered.hpp"
#include "isa/base/id_vector.hpp"

namespace seamount::compiler {

/// Population and parameter profile of a neuron: compartments of a core are grouped by it.
struct NeuronKind {
    std::uint32_t population = 0;
    std::uint32_t profile = 0;
    friend auto operator<=>(const NeuronKind&, const NeuronKind&) = default;
};

/// Where every neuron of a shard will stand on its core. It follows from which neurons share a core
/// alone, so the partitioner can count exactly what codegen will write.
struct Layout {
    IdVector<NeuronId, ShardId> shard_of;  ///< as given
    IdVector<NeuronId, std::uint16_t> compartment_of;
    IdVector<ShardId, std::vector<NeuronId>> neurons;  ///< by compartment
    IdVector<NeuronId, NeuronKind> kinds;
};

/// Compartments of a core ascend by population, then parameter profile, then the order of the
/// population. A core holds at most 65536 of them.
[[nodiscard]] Layout lay_out(const Lowered& lowered, IdSpan<NeuronId, const ShardId> shard_of,
                             std::uint32_t shards);

}  // namespace seamount::compiler
