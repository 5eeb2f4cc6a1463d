#include "compiler/place/search/shard_regions.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace seamount::compiler {
namespace {

/// Shards to cores by augmenting paths: finds a core for each wherever that is possible.
class Seats {
public:
    Seats(const ShardRegions& regions, const isa::ChipSpec& chip, const std::vector<CoreId>& order,
          Mapping& mapping)
        : regions_{regions},
          order_{order},
          mapping_{mapping},
          shard_at_(chip.cores(), Mapping::kNoShard),
          closed_(chip.cores()),
          asked_(chip.cores(), Mapping::kNoShard) {
        for (const CoreId core : chip.core_ids()) {
            closed_[core] = !chip.core_works(core);
        }
        for (const CoreId core : mapping.core_of) {
            if (core != Mapping::kUnplaced) closed_[core] = true;
        }
    }

    /// Finds a core for the shard, moving others if need be.
    bool seat(ShardId shard) {
        for (const CoreId core : order_) {
            if (closed_[core] || shard_at_[core] != Mapping::kNoShard) continue;
            if (!regions_.allows(shard, core)) continue;
            take(shard, core);
            return true;
        }
        return seat(shard, shard);
    }

private:
    void take(ShardId shard, CoreId core) {
        shard_at_[core] = shard;
        mapping_.core_of[shard] = core;
    }

    bool seat(ShardId shard, ShardId round) {
        for (const CoreId core : order_) {
            if (closed_[core] || asked_[core] == round || !regions_.allows(shard, core)) continue;
            asked_[core] = round;
            const ShardId other = shard_at_[core];
            if (other != Mapping::kNoShard && !seat(other, round)) continue;
            take(shard, core);
            return true;
        }
        return false;
    }

    const ShardRegions& regions_;
    const std::vector<CoreId>& order_;
    Mapping& mapping_;
    IdVector<CoreId, ShardId> shard_at_;  // of those seated here
    IdVector<CoreId, bool> closed_;
    IdVector<CoreId, ShardId> asked_;  // the shard for which it was asked last
};

}  // namespace

ShardRegions::ShardRegions(const Lowered& lowered, const Mapping& mapping) {
    for (const LoweredPopulation& population : lowered.populations) {
        if (population.region.empty()) continue;
        regions_.resize(mapping.shards, nullptr);
        for (std::uint32_t i = 0; i < population.size; ++i) {
            regions_[mapping.shard_of[population.first_neuron + i]] = &population;
        }
    }
}

bool ShardRegions::allows(ShardId shard, CoreId core) const {
    const LoweredPopulation* const population = region_of(shard);
    return population == nullptr || std::ranges::binary_search(population->region, core);
}

void seat_regions(const ShardRegions& regions, const isa::ChipSpec& chip,
                  const std::vector<CoreId>& order, Mapping& mapping, Diagnostics& diagnostics) {
    std::vector<ShardId> waiting;
    for (const ShardId shard : mapping.shard_ids()) {
        if (regions.region_of(shard) == nullptr) continue;
        if (mapping.core_of[shard] == Mapping::kUnplaced) waiting.push_back(shard);
    }
    Seats seats{regions, chip, order, mapping};
    for (const ShardId shard : waiting) {
        if (seats.seat(shard)) continue;
        const LoweredPopulation& population = *regions.region_of(shard);
        const auto needed = std::ranges::count_if(waiting, [&](ShardId other) {
            return regions.region_of(other)->region == population.region;
        });
        diagnostics.error(
            "CMP-REGION", population.where,
            fmt::format("the region of population '{}' has {} core{}, its neurons need {}; cores "
                        "that are dead, pinned or taken by other regions do not count",
                        population.name, population.region.size(),
                        population.region.size() == 1 ? "" : "s", needed),
            "make the region larger, or use a chip with larger cores");
        return;
    }
}

}  // namespace seamount::compiler
