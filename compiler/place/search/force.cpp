#include "compiler/place/search/force.hpp"

#include <cmath>

namespace seamount::compiler {
namespace {

constexpr int kSweeps = 100;
constexpr double kSettled = 1e-3;  // gain of a sweep, relative to all hops

/// The tile nearest to the mean place of the partners, weighted by traffic; the own one without.
TileId balance_tile(const Arrangement& arrangement, ShardId shard) {
    const isa::ChipSpec& chip = arrangement.chip();
    double x = 0.0;
    double y = 0.0;
    double packets = 0.0;
    for (const Arrangement::Partner& partner : arrangement.partners(shard)) {
        const TileId tile = chip.tile_of(arrangement.core_of()[partner.shard]);
        x += static_cast<double>(partner.packets) * chip.column_of(tile);
        y += static_cast<double>(partner.packets) * chip.row_of(tile);
        packets += static_cast<double>(partner.packets);
    }
    if (packets == 0.0) return chip.tile_of(arrangement.core_of()[shard]);
    return chip.tile_at(static_cast<std::uint32_t>(std::lround(x / packets)),
                        static_cast<std::uint32_t>(std::lround(y / packets)));
}

/// Tries the cores of the tiles around `centre` for a shard; returns what the best one saves.
double follow(Arrangement& arrangement, ShardId shard, TileId centre) {
    const isa::ChipSpec& chip = arrangement.chip();
    Arrangement::Move best{shard, arrangement.core_of()[shard]};
    float most = 0.0F;
    for (std::uint32_t side = 0; side < 9; ++side) {
        // Wraps around below zero, which is out of the chip as well.
        const std::uint32_t x = chip.column_of(centre) + side % 3 - 1;
        const std::uint32_t y = chip.row_of(centre) + side / 3 - 1;
        if (x >= chip.width || y >= chip.height) continue;
        for (std::uint32_t i = 0; i < chip.cores_per_tile; ++i) {
            const Arrangement::Move move{shard, chip.core_of(chip.tile_at(x, y), i)};
            if (!arrangement.is_allowed(move)) continue;
            const float saved = -arrangement.change(move);
            if (saved <= most) continue;
            most = saved;
            best = move;
        }
    }
    if (most > 0.0F) arrangement.exchange(best);
    return static_cast<double>(most);
}

}  // namespace

void settle_by_force(Arrangement& arrangement) {
    const double enough = arrangement.hops() * kSettled;
    for (int sweep = 0; sweep < kSweeps; ++sweep) {
        double saved = 0.0;
        for (const ShardId shard : arrangement.movable()) {
            saved += follow(arrangement, shard, balance_tile(arrangement, shard));
            saved += follow(arrangement, shard,
                            arrangement.chip().tile_of(arrangement.core_of()[shard]));
        }
        if (saved <= enough) return;
    }
}

}  // namespace seamount::compiler
