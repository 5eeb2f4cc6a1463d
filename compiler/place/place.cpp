#include "compiler/place/place.hpp"

#include <algorithm>
#include <bit>
#include <vector>

#include "compiler/base/hilbert.hpp"
#include "compiler/place/search/anneal.hpp"
#include "compiler/place/search/force.hpp"
#include "compiler/place/search/link_relief.hpp"
#include "isa/base/assert.hpp"

namespace seamount::compiler {
namespace {

std::vector<CoreId> core_order(const isa::ChipSpec& chip, Placer placer) {
    const IdRange<TileId> all = chip.tile_ids();
    std::vector<TileId> tiles(all.begin(), all.end());
    if (placer == Placer::kHilbert) {
        const std::uint32_t side = std::bit_ceil(std::max(chip.width, chip.height));
        const auto key = [&](TileId tile) {
            return hilbert_place(side, chip.column_of(tile), chip.row_of(tile));
        };
        std::sort(tiles.begin(), tiles.end(), [&](TileId a, TileId b) { return key(a) < key(b); });
    }
    std::vector<CoreId> cores;
    cores.reserve(chip.cores());
    for (const TileId tile : tiles) {
        for (std::uint32_t i = 0; i < chip.cores_per_tile; ++i) {
            cores.push_back(chip.core_of(tile, i));
        }
    }
    return cores;
}

/// Cores for the movable shards: theirs and, unless most of the chip is empty, all others that
/// work.
std::vector<CoreId> cores_to_try(const Mapping& mapping, const isa::ChipSpec& chip,
                                 const IdVector<ShardId, bool>& movable) {
    constexpr std::uint32_t kMostRoom = 4;
    IdVector<CoreId, bool> usable(chip.cores());
    if (chip.cores() <= kMostRoom * mapping.shards) {
        for (const CoreId core : chip.core_ids()) {
            usable[core] = chip.core_works(core);
        }
    }
    for (const ShardId shard : mapping.shard_ids()) {
        usable[mapping.core_of[shard]] = movable[shard];
    }
    std::vector<CoreId> cores;
    for (const CoreId core : chip.core_ids()) {
        if (usable[core]) cores.push_back(core);
    }
    return cores;
}

}  // namespace

void place(Mapping& mapping, const isa::ChipSpec& chip, Placer placer, std::uint64_t seed) {
    SM_ASSERT(mapping.shards <= chip.cores(), "more shards than cores");
    mapping.core_of.resize(mapping.shards, Mapping::kUnplaced);
    IdVector<CoreId, bool> taken(chip.cores());
    for (const CoreId core : mapping.core_of) {
        if (core != Mapping::kUnplaced) taken[core] = true;
    }
    std::vector<CoreId> order = core_order(chip, placer);
    std::rotate(order.begin(),
                order.begin() + static_cast<std::ptrdiff_t>((seed - 1) % order.size()),
                order.end());
    // Dead cores only if there are too few others, which avoid_faults() then reports.
    std::stable_partition(order.begin(), order.end(),
                          [&chip](CoreId core) { return chip.core_works(core); });
    auto next = order.begin();
    for (CoreId& core : mapping.core_of) {
        if (core != Mapping::kUnplaced) continue;
        while (taken[*next]) ++next;
        core = *next++;
    }
}

void place(const Lowered& lowered, Mapping& mapping, const isa::ChipSpec& chip, Placer placer,
           std::uint64_t seed, IdSpan<NeuronId, const std::uint32_t> rates,
           Diagnostics& diagnostics) {
    constexpr std::uint32_t kMostShards = 2048;
    PlacementSearch search;
    search.seed = seed;
    mapping.core_of.resize(mapping.shards, Mapping::kUnplaced);
    for (const CoreId core : mapping.core_of) {
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
