#pragma once

#include "compiler/ir/core_fill.hpp"
#include "compiler/ir/lowered.hpp"
#include "isa/chip/chip_spec.hpp"

namespace seamount::compiler {

/// Moves shards off dead cores and off cores whose synapse memory has too few working words left
/// for them: each to the nearest free core that can hold it, the largest shards first. What a
/// placer made stays otherwise. `fills` are those of the shards.
///
/// `keeps_pins` says whether neurons that the network pins to a core must stay there. Reports
/// CMP-CORES if too few working cores are left and CMP-PIN for shards that the network pins to a
/// core which cannot hold them; the mapping is usable only without errors. Does nothing on a chip
/// without faults.
void avoid_faults(const Lowered& lowered, const IdVector<ShardId, CoreFill>& fills,
                  const isa::ChipSpec& chip, bool keeps_pins, Mapping& mapping,
                  Diagnostics& diagnostics);

}  // namespace seamount::compiler
