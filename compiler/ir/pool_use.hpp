#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "compiler/ir/lowered.hpp"
#include "isa/base/id_vector.hpp"

namespace seamount::compiler {

/// A convolution that shares rows: on chips with a pool its kernel is stored once per core.
[[nodiscard]] inline bool is_kernel(const LoweredProjection& projection) noexcept {
    return projection.share && projection.convolution != nullptr;
}

/// Words of the rows of a kernel on a core that holds `channels` (ascending) of the target map at
/// some place: input channels of each group x taps x the row length of its outputs.
[[nodiscard]] std::uint64_t kernel_words(const LoweredProjection& kernel,
                                         std::span<const std::uint32_t> channels);

/// Input axons of a kernel on each core: one per phase of the stride along x.
[[nodiscard]] std::uint64_t kernel_axons(const LoweredProjection& kernel) noexcept;

/// What the neurons of a population take of the axon map of their core, by what listens to them: so
/// much for each place of a map that some channel of is there, and so much for each neuron.
struct MapNeed {
    std::optional<MapShape> map;  ///< of the places, if there is a need for them
    std::uint64_t per_place = 0;
    std::uint64_t per_neuron = 0;
};
[[nodiscard]] MapNeed map_need(const Lowered& lowered, std::uint32_t population);

/// Exactly what each shard takes of its pool beside its compartments, by the formulas of
/// isa/image/pool_cost.hpp; all 0 without Lowered::pool.
///
/// Axon memory, for which no formula is known: the list of target cores of a source, one entry per
/// core, where they are more than one: of a place of a map for all channels together, of a neuron
/// with rows of its own for itself, for none if all have synapses to all targets. That is less than
/// silicon uses for overlapping tiles.
[[nodiscard]] IdVector<ShardId, isa::PoolUse> pool_use(const Lowered& lowered,
                                                       IdSpan<NeuronId, const ShardId> shard_of,
                                                       std::uint32_t shards);

/// The entries of axon memory that each neuron needs under this mapping; a place's stand at its
/// first neuron.
[[nodiscard]] IdVector<NeuronId, std::uint32_t> axon_memory_of(
    const Lowered& lowered, IdSpan<NeuronId, const ShardId> shard_of, std::uint32_t shards);

}  // namespace seamount::compiler
