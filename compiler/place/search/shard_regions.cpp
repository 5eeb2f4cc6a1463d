#include "compiler/place/search/shard_regions.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace seamount::compiler {
namespace {

/// Shards to cores by augmenting paths: finds a core for each wherever that is possible.
class Seats {
public:
    Seats(const ShardRegions& regions, const isa::ChipSpec& chip,
          const std::vector<std::uint32_t>& order, Mapping& mapping)
        : regions_{regions},
          order_{order},
          mapping_{mapping},
          shard_at_(chip.cores(), Mapping::kUnplaced),
          closed_(chip.cores()),
          asked_(chip.cores(), Mapping::kUnplaced) {
        for (std::uint32_t core = 0; core < chip.cores(); ++core) {
            closed_[core] = !chip.core_works(core);
        }
        for (const std::uint32_t core : mapping.core_of) {
            if (core != Mapping::kUnplaced) closed_[core] = true;
        }
    }

    /// Finds a core for the shard, moving others if need be.
    bool seat(std::uint32_t shard) {
        for (const std::uint32_t core : order_) {
            if (closed_[core] || shard_at_[core] != Mapping::kUnplaced) continue;
            if (!regions_.allows(shard, core)) continue;
            take(shard, core);
            return true;
        }
        return seat(shard, shard);
    }

private:
    void take(std::uint32_t shard, std::uint32_t core) {
        shard_at_[core] = shard;
        mapping_.core_of[shard] = core;
    }

    bool seat(std::uint32_t shard, std::uint32_t round) {
        for (const std::uint32_t core : order_) {
            if (closed_[core] || asked_[core] == round || !regions_.allows(shard, core)) continue;
            asked_[core] = round;
            const std::uint32_t other = shard_at_[core];
            if (other != Mapping::kUnplaced && !seat(other, round)) continue;
            take(shard, core);
            return true;
        }
        return false;
    }

    const ShardRegions& regions_;
    const std::vector<std::uint32_t>& order_;
    Mapping& mapping_;
    std::vector<std::uint32_t> shard_at_;  // per core, of those seated here
    std::vector<bool> closed_;
    std::vector<std::uint32_t> asked_;  // per core: the shard for which it was asked last
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

bool ShardRegions::allows(std::uint32_t shard, std::uint32_t core) const {
    const LoweredPopulation* const population = region_of(shard);
    return population == nullptr || std::ranges::binary_search(population->region, core);
}

void seat_regions(const ShardRegions& regions, const isa::ChipSpec& chip,
                  const std::vector<std::uint32_t>& order, Mapping& mapping,
                  Diagnostics& diagnostics) {
    std::vector<std::uint32_t> waiting;
    for (std::uint32_t shard = 0; shard < mapping.shards; ++shard) {
        if (regions.region_of(shard) == nullptr) continue;
        if (mapping.core_of[shard] == Mapping::kUnplaced) waiting.push_back(shard);
    }
    Seats seats{regions, chip, order, mapping};
    for (const std::uint32_t shard : waiting) {
        if (seats.seat(shard)) continue;
        const LoweredPopulation& population = *regions.region_of(shard);
        const auto needed = std::ranges::count_if(waiting, [&](std::uint32_t other) {
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
