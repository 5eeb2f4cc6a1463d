#pragma once

#include <cstdint>
#include <optional>

#include "compiler/ir/core_fill.hpp"
#include "compiler/ir/lowered.hpp"
#include "isa/chip/core_limits.hpp"

namespace seamount::compiler {

/// Halves the shards from number `first` on that exceed a limit, again and again, until all keep
/// every limit: for mappings that were packed by an estimate. The halves are neighbours in the
/// order of the network. Returns what the shards hold; nothing, with the mapping as it has become,
/// if a shard of one neuron exceeds a limit, more than `most` shards would be needed, or the
/// network has cells of several compartments or regions.
[[nodiscard]] std::optional<IdVector<ShardId, CoreFill>> split_overfull(
    const Lowered& lowered, const isa::CoreLimits& limits, std::uint32_t first, std::uint32_t most,
    Mapping& mapping);

}  // namespace seamount::compiler
