#include "compiler/place/place.hpp"

#include <algorithm>
#include <bit>
#include <numeric>
#include <vector>

#include "compiler/base/hilbert.hpp"
#include "compiler/place/search/anneal.hpp"
#include "compiler/place/search/force.hpp"
#include "compiler/place/search/link_relief.hpp"
#include "isa/base/assert.hpp"

namespace seamount::compiler {
namespace {

std::vector<std::uint32_t> core_order(const isa::ChipSpec& chip, Placer placer) {
    std::vector<std::uint32_t> tiles(std::size_t{chip.width} * chip.height);
    std::iota(tiles.begin(), tiles.end(), 0U);
    if (placer == Placer::kHilbert) {
        const std::uint32_t side = std::bit_ceil(std::max(chip.width, chip.height));
        const auto key = [&](std::uint32_t tile) {
            return hilbert_place(side, tile % chip.width, tile / chip.width);
        };
        std::sort(tiles.begin(), tiles.end(),
                  [&](std::uint32_t a, std::uint32_t b) { return key(a) < key(b); });
    }
    std::vector<std::uint32_t> cores;
    cores.reserve(chip.cores());
    for (const std::uint32_t tile : tiles) {
        for (std::uint32_t i = 0; i < chip.cores_per_tile; ++i) {
            cores.push_back(tile * chip.cores_per_tile + i);
        }
    }
    return cores;
}

/// Cores for the movable shards: theirs and, unless most of the chip is empty, all others that
/// work.
std::vector<std::uint32_t> cores_to_try(const Mapping& mapping, const isa::ChipSpec& chip,
                                        const std::vector<bool>& movable) {
    constexpr std::uint32_t kMostRoom = 4;
    std::vector<bool> usable(chip.cores());
    if (chip.cores() <= kMostRoom * mapping.shards) {
        for (std::uint32_t core = 0; core < chip.cores(); ++core) {
            usable[core] = chip.core_works(core);
        }
    }
    for (std::uint32_t shard = 0; shard < mapping.shards; ++shard) {
        usable[mapping.core_of[shard]] = movable[shard];
    }
    std::vector<std::uint32_t> cores;
    for (std::uint32_t core = 0; core < chip.cores(); ++core) {
        if (usable[core]) cores.push_back(core);
    }
    return cores;
}

}  // namespace

void place(Mapping& mapping, const isa::ChipSpec& chip, Placer placer, std::uint64_t seed) {
    SM_ASSERT(mapping.shards <= chip.cores(), "more shards than cores");
    mapping.core_of.resize(mapping.shards, Mapping::kUnplaced);
    std::vector<bool> taken(chip.cores());
    for (const std::uint32_t core : mapping.core_of) {
        if (core != Mapping::kUnplaced) taken[core] = true;
    }
    std::vector<std::uint32_t> order = core_order(chip, placer);
    std::rotate(order.begin(),
                order.begin() + static_cast<std::ptrdiff_t>((seed - 1) % order.size()),
                order.end());
    // Dead cores only if there are too few others, which avoid_faults() then reports.
    std::stable_partition(order.begin(), order.end(),
                          [&chip](std::uint32_t core) { return chip.core_works(core); });
    auto next = order.begin();
    for (std::uint32_t& core : mapping.core_of) {
        if (core != Mapping::kUnplaced) continue;
        while (taken[*next]) ++next;
        core = *next++;
    }
}

void place(const Lowered& lowered, Mapping& mapping, const isa::ChipSpec& chip, Placer placer,
           std::uint64_t seed, std::span<const std::uint32_t> rates, Diagnostics& diagnostics) {
    constexpr std::uint32_t kMostShards = 2048;
    PlacementSearch search;
    search.seed = seed;
    mapping.core_of.resize(mapping.shards, Mapping::kUnplaced);
    for (const std::uint32_t core : mapping.core_of) {
        search.movable.push_back(core == Mapping::kUnplaced);
    }
    const bool searches = placer != Placer::kRowMajor && placer != Placer::kHilbert;
    const Placer start = searches ? Placer::kHilbert : placer;
    search.regions = ShardRegions{lowered, mapping};
    seat_regions(search.regions, chip, core_order(chip, start), mapping, diagnostics);
    if (diagnostics.has_errors()) return;
    place(mapping, chip, start, seed);
    search.cores = cores_to_try(mapping, chip, search.movable);
    if (!searches || search.cores.size() < 2 || mapping.shards > kMostShards) return;
    const CoreTraffic traffic{lowered, mapping, rates};
    Arrangement arrangement{traffic, chip, search, mapping.core_of};
    settle_by_force(arrangement);
    if (placer != Placer::kForce) anneal_placement(seed, arrangement);
    if (placer == Placer::kAuto || placer == Placer::kLinks) {
        relieve_links(traffic, seed, kHopsForLinks, arrangement);
    }
    mapping.core_of = arrangement.core_of();
}

}  // namespace seamount::compiler
