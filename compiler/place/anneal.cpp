#include "compiler/place/anneal.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "compiler/dice.hpp"

namespace seamount::compiler {
namespace {

constexpr std::uint32_t kNobody = 0xFFFFFFFFU;

class Annealer {
public:
    Annealer(const CoreTraffic& traffic, const isa::ChipSpec& chip, const PlacementSearch& search,
             std::vector<std::uint32_t>& core_of)
        : chip_{chip},
          search_{search},
          core_of_{core_of},
          shard_at_(chip.cores(), kNobody),
          dice_{search.seed} {
        for (std::uint32_t shard = 0; shard < core_of.size(); ++shard) {
            shard_at_[core_of[shard]] = shard;
            partners_.emplace_back();
            const std::vector<double> both = traffic.between(shard);
            for (std::uint32_t other = 0; other < both.size(); ++other) {
                if (both[other] != 0.0) partners_.back().push_back({other, both[other]});
            }
        }
        for (const std::uint32_t core : search.cores) {
            const std::uint32_t shard = shard_at_[core];
            if (shard != kNobody && search.movable[shard]) shards_.push_back(shard);
        }
    }

    void run();

private:
    struct Partner {
        std::uint32_t shard;
        double packets;
    };

    [[nodiscard]] double distance(std::uint32_t a, std::uint32_t b) const {
        const std::uint32_t ta = chip_.tile_of(a);
        const std::uint32_t tb = chip_.tile_of(b);
        const auto apart = [](std::uint32_t p, std::uint32_t q) {
            return static_cast<double>(p > q ? p - q : q - p);
        };
        return apart(ta % chip_.width, tb % chip_.width) +
               apart(ta / chip_.width, tb / chip_.width);
    }
    /// Hops of the packets of `shard` if it were on `core` and `swapped` on the shard's core.
    [[nodiscard]] double hops(std::uint32_t shard, std::uint32_t core,
                              std::uint32_t swapped) const {
        double sum = 0.0;
        for (const Partner& partner : partners_[shard]) {
            if (partner.shard == swapped) continue;  // as far apart as before
            sum += partner.packets * distance(core, core_of_[partner.shard]);
        }
        return sum;
    }
    [[nodiscard]] double gain_of(std::uint32_t shard, std::uint32_t core) const;
    void exchange(std::uint32_t shard, std::uint32_t core);

    const isa::ChipSpec& chip_;
    const PlacementSearch& search_;
    std::vector<std::uint32_t>& core_of_;
    std::vector<std::uint32_t> shard_at_;  // per core
    std::vector<std::uint32_t> shards_;    // movable ones
    std::vector<std::vector<Partner>> partners_;
    MappingDice dice_;
};

double Annealer::gain_of(std::uint32_t shard, std::uint32_t core) const {
    const std::uint32_t other = shard_at_[core];
    const std::uint32_t own = core_of_[shard];
    double change = hops(shard, core, other) - hops(shard, own, other);
    if (other != kNobody) change += hops(other, own, shard) - hops(other, core, shard);
    return change;
}

void Annealer::exchange(std::uint32_t shard, std::uint32_t core) {
    const std::uint32_t own = core_of_[shard];
    const std::uint32_t other = shard_at_[core];
    core_of_[shard] = core;
    shard_at_[core] = shard;
    shard_at_[own] = other;
    if (other != kNobody) core_of_[other] = own;
}

void Annealer::run() {
    if (shards_.empty() || search_.cores.size() < 2) return;
    const auto pick = [this] {
        const std::uint32_t shard =
            shards_[dice_.below(static_cast<std::uint32_t>(shards_.size()))];
        const std::uint32_t core =
            search_.cores[dice_.below(static_cast<std::uint32_t>(search_.cores.size()))];
        return std::pair{shard, core};
    };
    // The mean size of a change sets the scale of the temperature.
    double scale = 0.0;
    constexpr int kSamples = 64;
    for (int i = 0; i < kSamples; ++i) {
        const auto [shard, core] = pick();
        if (core != core_of_[shard]) scale += std::fabs(gain_of(shard, core)) / kSamples;
    }
    std::size_t links = 1;
    for (const auto& list : partners_) links += list.size();
    const double mean_links = static_cast<double>(links) / static_cast<double>(partners_.size());
    // As many tries as half a second allows, no more than a small chip needs.
    const auto tries = static_cast<std::uint64_t>(
        std::min(static_cast<double>(shards_.size()) * 8000.0, 1.2e8 / (mean_links + 8.0)));
    std::vector<std::uint32_t> best = core_of_;
    double now = 0.0;  // relative to the start
    double lowest = 0.0;
    for (std::uint64_t i = 0; i < tries; ++i) {
        const double left = 1.0 - static_cast<double>(i) / static_cast<double>(tries);
        const double temperature = 0.4 * scale * left * left * left;
        const auto [shard, core] = pick();
        if (core == core_of_[shard]) continue;
        const double change = gain_of(shard, core);
        if (change > 0.0 &&
            !(temperature > 0.0 && dice_.unit() < std::exp(-change / temperature))) {
            continue;
        }
        exchange(shard, core);
        now += change;
        if (left < 0.3 && now < lowest) {
            lowest = now;
            best = core_of_;
        }
    }
    if (now >= lowest) core_of_ = std::move(best);
}

}  // namespace

void anneal_placement(const CoreTraffic& traffic, const isa::ChipSpec& chip,
                      const PlacementSearch& search, std::vector<std::uint32_t>& core_of) {
    Annealer{traffic, chip, search, core_of}.run();
}

}  // namespace seamount::compiler
