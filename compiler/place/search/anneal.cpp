#include "compiler/place/search/anneal.hpp"

#include <algorithm>
#include <cmath>

namespace seamount::compiler {
namespace {

constexpr double kHot = 0.2;  // first temperature, relative to the mean change of a move
constexpr double kFar = 0.5;  // share of the tries that is left when moves become shorter

double mean_change(const Arrangement& arrangement, MappingDice& dice) {
    constexpr int kSamples = 64;
    double sum = 0.0;
    for (int i = 0; i < kSamples; ++i) {
        const Arrangement::Move move = arrangement.pick_any(dice);
        if (!arrangement.is_allowed(move)) continue;
        sum += std::fabs(static_cast<double>(arrangement.change(move))) / kSamples;
    }
    return sum;
}

}  // namespace

void anneal_placement(std::uint64_t seed, Arrangement& arrangement) {
    const auto shards = static_cast<double>(arrangement.movable().size());
    if (shards == 0.0) return;
    MappingDice dice{seed};
    const double scale = mean_change(arrangement, dice);
    // As many tries as half a second to a second allow, no more than a small chip needs.
    const auto tries =
        static_cast<std::uint64_t>(std::min(shards * 40000.0, 5e8 / (arrangement.effort() + 32.0)));
    const IdVector<ShardId, CoreId> start = arrangement.core_of();
    const double before = arrangement.hops();
    const std::uint32_t farthest = std::max(arrangement.chip().width, arrangement.chip().height);
    for (std::uint64_t i = 0; i < tries; ++i) {
        const double left = 1.0 - static_cast<double>(i) / static_cast<double>(tries);
        const double temperature = kHot * scale * left * left * left;
        const double reach = 1.0 + left * farthest;
        const Arrangement::Move move =
            left > kFar ? arrangement.pick_any(dice)
                        : arrangement.pick_near(dice, static_cast<std::uint32_t>(reach));
        if (!arrangement.is_allowed(move)) continue;
        const auto worse = static_cast<double>(arrangement.change(move));
        if (worse > 0.0 && dice.unit() >= std::exp(-worse / temperature)) continue;
        arrangement.exchange(move);
    }
    if (arrangement.hops() > before) arrangement.restore(start);
}

}  // namespace seamount::compiler
