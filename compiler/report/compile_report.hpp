#pragma once

#include <cstdint>

#include "compiler/ir/mapper.hpp"
#include "compiler/place/traffic/traffic.hpp"
#include "compiler/report/report.hpp"
#include "isa/chip/chip_spec.hpp"

namespace seamount::compiler {

/// What the passes did, beside their results.
struct PassOutcome {
    Traffic traffic;                 ///< of the placed mapping, over the links that work
    std::uint64_t cache_hits = 0;    ///< projections read from the cache
    std::uint64_t cache_misses = 0;  ///< projections generated for it
    bool mapping_cached = false;     ///< partition and placement come from the cache
    double partition_s = 0.0;
    double place_s = 0.0;
};

/// The report on a placed network: all of it but how long the compilation takes, which has not
/// ended. Every shard must have a core. Walks all synapses twice with `with_mapping`.
[[nodiscard]] CompileReport report_of(const Lowered& lowered, const Partition& cut,
                                      const isa::ChipSpec& chip, const PassOutcome& outcome,
                                      bool with_mapping);

}  // namespace seamount::compiler
