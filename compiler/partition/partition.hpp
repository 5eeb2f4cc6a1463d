#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "compiler/ir/lowered.hpp"
#include "compiler/report.hpp"
#include "isa/spec/chip_spec.hpp"

namespace seamount::compiler {

struct Partition {
    Mapping mapping;
    std::vector<CoreFill> fills;  ///< per shard; empty if some neuron has none
};

/// Cuts the network into core-sized shards.
///
/// `partitioner` "auto" keeps neurons that the network pins to a core there and packs the others
/// greedily onto other cores; "greedy" ignores pins. Reports CMP-PIN, CMP-FIT, CMP-CORES; the
/// result is usable only if there is none of them.
[[nodiscard]] Partition partition(const Lowered& lowered, const isa::ChipSpec& chip,
                                  const std::string& partitioner, std::uint64_t seed,
                                  Diagnostics& diagnostics);

}  // namespace seamount::compiler
