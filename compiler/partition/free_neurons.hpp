#pragma once

#include "compiler/partition/partition.hpp"

namespace seamount::compiler {

/// Whether neighbours of some projection may read the same synapse rows.
[[nodiscard]] bool shares_kernels(const Lowered& lowered);

/// Shards for all neurons that have none in `result`, by the method: next-fit, tiles of feature
/// maps, or a search over the graph, whichever is better where the method leaves the choice.
/// `last_is_outside`: the last shard stands for neurons that are none of these, and is not filled.
/// Errors: CMP-CORES and CMP-FIT, with how it is known that no mapping fits.
void partition_free(const Lowered& lowered, const isa::ChipSpec& chip, const MappingMethod& method,
                    bool last_is_outside, Partition& result, Diagnostics& diagnostics);

}  // namespace seamount::compiler
