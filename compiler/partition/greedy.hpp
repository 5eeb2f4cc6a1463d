#pragma once

#include <cstdint>

#include "compiler/ir/lowered.hpp"
#include "compiler/ir/mapping_method.hpp"
#include "isa/chip/chip_spec.hpp"

namespace seamount::compiler {

/// Gives every neuron of `mapping` that has no shard yet one of its own, opened after the existing
/// ones: next-fit under all limits of a core at once, counted exactly.
///
/// `seed` changes the order in which neurons are taken within their population (1 is the order of
/// the network), so that different seeds give different mappings. Deterministic. Reports CMP-FIT
/// for neurons that fit on no core and CMP-CORES if the chip has too few cores. `overhead_percent`
/// is that of Incoming. With `last_is_outside` the last shard of `mapping` is no core but stands
/// for whatever is elsewhere. With `uses_pinned` the shards of `mapping` are filled first.
/// Other cores are filled up to `cap`.
void partition_greedily(const Lowered& lowered, const isa::ChipSpec& chip, std::uint64_t seed,
                        std::uint32_t overhead_percent, bool last_is_outside, bool uses_pinned,
                        Mapping& mapping, Diagnostics& diagnostics, const WorkCap& cap = {});

}  // namespace seamount::compiler
