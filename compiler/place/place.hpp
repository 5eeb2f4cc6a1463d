#pragma once

#include <cstdint>
#include <span>

#include "compiler/ir/lowered.hpp"
#include "compiler/ir/mapping_method.hpp"
#include "isa/chip/chip_spec.hpp"

namespace seamount::compiler {

/// Gives every shard without a core one: free cores along a Hilbert curve with that `placer`, else
/// with core ids ascending. Pinned shards keep their core. A `seed` other than 1 starts further
/// along the order. Requires as many cores as shards.
void place(Mapping& mapping, const isa::ChipSpec& chip, Placer placer, std::uint64_t seed);

/// The same, and by traffic for placers that search: shards that are not pinned move.
/// Shards with a region stay within it;
/// CMP-REGION is reported if it is too small. `rates` weighs the neurons as the partitioner does.
/// With more than 2,048 shards the Hilbert curve is kept.
void place(const Lowered& lowered, Mapping& mapping, const isa::ChipSpec& chip, Placer placer,
           std::uint64_t seed, IdSpan<NeuronId, const std::uint32_t> rates,
           Diagnostics& diagnostics);

}  // namespace seamount::compiler
