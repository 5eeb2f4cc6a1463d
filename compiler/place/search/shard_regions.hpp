#pragma once

#include <cstdint>
#include <vector>

#include "compiler/ir/lowered.hpp"
#include "isa/chip/chip_spec.hpp"

namespace seamount::compiler {

/// Which cores the shards may use: those of the region that the network gives their neurons. The
/// network must outlive it.
class ShardRegions {
public:
    /// All shards may be anywhere.
    ShardRegions() = default;
    ShardRegions(const Lowered& lowered, const Mapping& mapping);

    [[nodiscard]] bool allows(ShardId shard, CoreId core) const;
    /// The population whose region the shard is in; null if it may be anywhere.
    [[nodiscard]] const LoweredPopulation* region_of(ShardId shard) const {
        return regions_.empty() ? nullptr : regions_[shard];
    }

private:
    IdVector<ShardId, const LoweredPopulation*> regions_;  // empty if the network has none
};

/// Gives every shard with a region and no core one of its region that works and is free, the first
/// ones of `order` before others. Reports CMP-REGION if a region has too few.
void seat_regions(const ShardRegions& regions, const isa::ChipSpec& chip,
                  const std::vector<CoreId>& order, Mapping& mapping, Diagnostics& diagnostics);

}  // namespace seamount::compiler
