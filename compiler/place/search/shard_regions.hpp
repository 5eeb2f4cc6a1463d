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

    [[nodiscard]] bool allows(std::uint32_t shard, std::uint32_t core) const;
    /// The population whose region the shard is in; null if it may be anywhere.
    [[nodiscard]] const LoweredPopulation* region_of(std::uint32_t shard) const {
        return regions_.empty() ? nullptr : regions_[shard];
    }

private:
    std::vector<const LoweredPopulation*> regions_;  // per shard; empty if the network has none
};

/// Gives every shard with a region and no core one of its region that works and is free, the first
/// ones of `order` before others. Reports CMP-REGION if a region has too few.
void seat_regions(const ShardRegions& regions, const isa::ChipSpec& chip,
                  const std::vector<std::uint32_t>& order, Mapping& mapping,
                  Diagnostics& diagnostics);

}  // namespace seamount::compiler
