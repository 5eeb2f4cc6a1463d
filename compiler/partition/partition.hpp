#pragma once

#include <cstdint>

#include "compiler/ir/mapper.hpp"
#include "compiler/ir/mapping_method.hpp"
#include "isa/chip/chip_spec.hpp"

namespace seamount::compiler {

/// Cuts the network into core-sized shards that keep all limits of the chip, with few packets
/// between them.
///
/// Where the method finds no mapping within the limits, next-fit is tried. Reports
/// CMP-PIN, CMP-FIT, CMP-CORES; the result is usable only if there is none of them.
[[nodiscard]] Partition partition(const Lowered& lowered, const isa::ChipSpec& chip,
                                  const MappingMethod& method, Diagnostics& diagnostics);

/// The same with all else of the method at its default.
[[nodiscard]] inline Partition partition(const Lowered& lowered, const isa::ChipSpec& chip,
                                         Partitioner partitioner, std::uint64_t seed,
                                         Diagnostics& diagnostics) {
    MappingMethod method;
    method.partitioner = partitioner;
    method.seed = seed;
    return partition(lowered, chip, method, diagnostics);
}

}  // namespace seamount::compiler
