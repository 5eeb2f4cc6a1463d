#include "compiler/place/search/link_relief.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace seamount::compiler {
namespace {

constexpr std::size_t kLanes = 4;   // sums that are added up side by side
constexpr double kWarm = 0.004;     // first temperature, relative to the norm
constexpr double kBudget = 6e8;     // link updates that a search may take
constexpr double kPerShard = 4000;  // tries that are enough for a small chip

class Relief {
public:
    Relief(const CoreTraffic& traffic, std::uint64_t seed, Arrangement& arrangement)
        : arrangement_{arrangement}, links_{arrangement.chip()}, dice_{seed} {
        flows_.resize(arrangement.core_of().size());
        for (const ShardId shard : flows_.ids()) {
            for (const Arrangement::Partner& partner : arrangement.partners(shard)) {
                flows_[shard].push_back(
                    {partner.shard, static_cast<double>(traffic.from_to(shard, partner.shard)),
                     static_cast<double>(traffic.from_to(partner.shard, shard))});
            }
        }
        loads_ = count_loads();
    }

    void run(double hops_share);

private:
    struct Flow {
        ShardId partner;
        double sent;
        double received;
    };
    /// What the loads of the links amount to.
    struct State {
        double hops = 0.0;  ///< weighted by what links cost
        double norm = 0.0;  ///< to its 8th power, relative to scale_
        double busiest = 0.0;
    };

    [[nodiscard]] TileId tile_of(ShardId shard) const {
        return arrangement_.chip().tile_of(arrangement_.core_of()[shard]);
    }
    void carry(TileId from, TileId to, double packets) {
        if (packets == 0.0 || !links_.connected(from, to)) return;
        links_.for_each(from, to, [&](std::size_t link) { loads_[link] += packets; });
    }
    /// Adds `sign` times the traffic of a shard, but that with `except`.
    void carry_all(ShardId shard, ShardId except, double sign) {
        const TileId tile = tile_of(shard);
        for (const Flow& flow : flows_[shard]) {
            if (flow.partner == except) continue;
            const TileId other = tile_of(flow.partner);
            carry(tile, other, sign * flow.sent);
            carry(other, tile, sign * flow.received);
        }
    }
    [[nodiscard]] std::vector<double> count_loads();
    [[nodiscard]] State look() const;
    /// Makes the move and updates the loads.
    void exchange(Arrangement::Move move);
    /// Link updates of one move, on average.
    [[nodiscard]] double effort() const;

    Arrangement& arrangement_;
    MeshLinks links_;
    IdVector<ShardId, std::vector<Flow>> flows_;
    std::vector<double> loads_;  // per link: packets, whole numbers
    double scale_ = 1.0;         // busy time that counts as 1 in the norm
    MappingDice dice_;
};

std::vector<double> Relief::count_loads() {
    loads_.assign(links_.count(), 0.0);
    for (const ShardId shard : flows_.ids()) {
        for (const Flow& flow : flows_[shard]) {
            carry(tile_of(shard), tile_of(flow.partner), flow.sent);
        }
    }
    return std::move(loads_);
}

Relief::State Relief::look() const {
    std::array<double, kLanes> hops{};
    std::array<double, kLanes> norm{};
    std::array<double, kLanes> busiest{};
    const double* const cost = links_.cost().data();
    const double* const busy = links_.busy().data();
    const double unit = 1.0 / scale_;
    // There are four links per tile.
    for (std::size_t link = 0; link < loads_.size(); link += kLanes) {
        for (std::size_t lane = 0; lane < kLanes; ++lane) {
            const double load = loads_[link + lane];
            const double time = load * busy[link + lane];
            const double square = time * unit * (time * unit);
            hops[lane] += load * cost[link + lane];
            norm[lane] += square * square * (square * square);
            busiest[lane] = std::max(busiest[lane], time);
        }
    }
    State state;
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
        state.hops += hops[lane];
        state.norm += norm[lane];
        state.busiest = std::max(state.busiest, busiest[lane]);
    }
    return state;
}

void Relief::exchange(Arrangement::Move move) {
    const ShardId other = arrangement_.shard_at(move.core);
    const auto both = [&](double sign) {
        carry_all(move.shard, Arrangement::kNobody, sign);
        if (other != Arrangement::kNobody) carry_all(other, move.shard, sign);
    };
    both(-1.0);
    arrangement_.exchange(move);
    both(1.0);
}

double Relief::effort() const {
    double flows = 0.0;
    for (const auto& of_shard : flows_) flows += 2.0 * static_cast<double>(of_shard.size());
    const isa::ChipSpec& chip = arrangement_.chip();
    const double length = (chip.width + chip.height) / 4.0 + 1.0;
    return 4.0 * flows / static_cast<double>(flows_.size()) * length +
           static_cast<double>(links_.count());
}

void Relief::run(double hops_share) {
    State now = look();
    if (now.busiest == 0.0) return;
    scale_ = now.busiest;
    now = look();
    const double most_hops = now.hops * (1.0 + hops_share);
    const bool direct = !(now.hops > arrangement_.hops() * 1.0001);  // no detours
    IdVector<ShardId, CoreId> best = arrangement_.core_of();
    State least = now;
    const auto shards = static_cast<double>(arrangement_.movable().size());
    const auto tries = static_cast<std::uint64_t>(std::min(shards * kPerShard, kBudget / effort()));
    const std::uint32_t farthest = std::max(arrangement_.chip().width, arrangement_.chip().height);
    std::vector<double> before;
    for (std::uint64_t i = 0; i < tries; ++i) {
        const double left = 1.0 - static_cast<double>(i) / static_cast<double>(tries);
        const double reach = 1.0 + left * left * farthest / 2.0;
        const Arrangement::Move move =
            arrangement_.pick_near(dice_, static_cast<std::uint32_t>(reach));
        if (!arrangement_.is_allowed(move)) continue;
        // The hops of direct routes are known without looking at links.
        if (direct &&
            now.hops + static_cast<double>(arrangement_.change(move)) > most_hops * 1.0001) {
            continue;
        }
        const CoreId own = arrangement_.core_of()[move.shard];
        before = loads_;
        exchange(move);
        const State then = look();
        const double worst =
            now.norm * std::exp(-8.0 * kWarm * left * std::log(1.0 - dice_.unit()));
        if (then.hops > most_hops || then.norm > worst) {
            arrangement_.exchange({move.shard, own});
            loads_.swap(before);
            continue;
        }
        now = then;
        if (now.busiest < least.busiest ||
            (now.busiest == least.busiest && now.norm < least.norm)) {
            least = now;
            best = arrangement_.core_of();
        }
    }
    arrangement_.restore(best);
}

}  // namespace

void relieve_links(const CoreTraffic& traffic, std::uint64_t seed, double hops_share,
                   Arrangement& arrangement) {
    if (arrangement.movable().empty()) return;
    Relief{traffic, seed, arrangement}.run(hops_share);
}

}  // namespace seamount::compiler
