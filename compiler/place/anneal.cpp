#include "compiler/place/anneal.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "compiler/dice.hpp"

namespace seamount::compiler {
namespace {

constexpr std::uint32_t kNobody = 0xFFFFFFFFU;
constexpr double kHot = 0.2;       // first temperature, relative to the mean change of a move
constexpr double kFar = 0.5;       // share of the tries that is left when moves become shorter
constexpr std::size_t kLanes = 8;  // sums that are added up side by side

class Annealer {
public:
    Annealer(const CoreTraffic& traffic, const isa::ChipSpec& chip, const PlacementSearch& search,
             std::vector<std::uint32_t>& core_of)
        : chip_{chip},
          search_{search},
          core_of_{core_of},
          shard_at_(chip.cores(), kNobody),
          is_free_(chip.cores()),
          stride_{(core_of.size() + kLanes - 1) / kLanes * kLanes},
          x_(stride_),
          y_(stride_),
          dice_{search.seed} {
        read(traffic);
        for (const std::uint32_t core : search.cores) {
            is_free_[core] = true;
            const std::uint32_t shard = shard_at_[core];
            if (shard != kNobody && search.movable[shard]) shards_.push_back(shard);
        }
    }

    void run();

private:
    struct Partner {
        std::uint32_t shard;
        float packets;
    };
    struct Move {
        std::uint32_t shard;
        std::uint32_t core;
    };

    void read(const CoreTraffic& traffic);
    [[nodiscard]] float x_of(std::uint32_t core) const {
        return static_cast<float>(chip_.tile_of(core) % chip_.width);
    }
    [[nodiscard]] float y_of(std::uint32_t core) const {
        const std::uint32_t row = chip_.tile_of(core) / chip_.width;
        return static_cast<float>(row);
    }
    [[nodiscard]] double hops() const;
    /// Change of the hops if the shard moves to `core` and who is there to the shard's core.
    [[nodiscard]] float change(Move move) const;
    [[nodiscard]] float change_by_partners(Move move, std::uint32_t other) const;
    [[nodiscard]] float change_by_rows(Move move, std::uint32_t other) const;
    [[nodiscard]] float packets_between(std::uint32_t a, std::uint32_t b) const;
    [[nodiscard]] Move pick_any();
    /// Not farther than `reach` tiles in each direction; the shard's own core if that one is taken.
    [[nodiscard]] Move pick_near(std::uint32_t reach);
    [[nodiscard]] double mean_change();
    void put(std::uint32_t shard, std::uint32_t core);
    void exchange(Move move);

    const isa::ChipSpec& chip_;
    const PlacementSearch& search_;
    std::vector<std::uint32_t>& core_of_;
    std::vector<std::uint32_t> shard_at_;  // per core
    std::vector<bool> is_free_;            // per core
    std::size_t stride_;                   // shards, rounded up to whole lanes
    std::vector<float> x_;                 // of shards
    std::vector<float> y_;
    std::vector<std::uint32_t> shards_;  // movable ones
    std::vector<std::vector<Partner>> partners_;
    std::vector<float> rows_;  // packets between all shards, if most pairs have some
    double mean_partners_ = 0.0;
    MappingDice dice_;
};

void Annealer::read(const CoreTraffic& traffic) {
    std::size_t pairs = 0;
    for (std::uint32_t shard = 0; shard < core_of_.size(); ++shard) {
        put(shard, core_of_[shard]);
        partners_.emplace_back();
        const std::vector<double> both = traffic.between(shard);
        for (std::uint32_t other = 0; other < both.size(); ++other) {
            if (both[other] == 0.0) continue;
            partners_.back().push_back({other, static_cast<float>(both[other])});
        }
        pairs += partners_.back().size();
    }
    mean_partners_ = static_cast<double>(pairs) / static_cast<double>(core_of_.size());
    if (mean_partners_ * 8.0 < static_cast<double>(core_of_.size())) return;
    rows_.resize(core_of_.size() * stride_);
    for (std::size_t shard = 0; shard < partners_.size(); ++shard) {
        for (const Partner& p : partners_[shard]) rows_[shard * stride_ + p.shard] = p.packets;
    }
}

double Annealer::hops() const {
    double sum = 0.0;
    for (std::size_t shard = 0; shard < partners_.size(); ++shard) {
        for (const Partner& p : partners_[shard]) {
            const auto apart =
                std::fabs(x_[shard] - x_[p.shard]) + std::fabs(y_[shard] - y_[p.shard]);
            sum += static_cast<double>(p.packets) * static_cast<double>(apart);
        }
    }
    return sum;
}

float Annealer::packets_between(std::uint32_t a, std::uint32_t b) const {
    if (!rows_.empty()) return rows_[a * stride_ + b];
    for (const Partner& partner : partners_[a]) {
        if (partner.shard == b) return partner.packets;
    }
    return 0.0F;
}

float Annealer::change_by_partners(Move move, std::uint32_t other) const {
    const float x0 = x_[move.shard];
    const float y0 = y_[move.shard];
    const float x1 = x_of(move.core);
    const float y1 = y_of(move.core);
    const auto moved = [&](std::uint32_t shard) {
        float sum = 0.0F;
        for (const Partner& p : partners_[shard]) {
            const float x = x_[p.shard];
            const float y = y_[p.shard];
            sum += p.packets *
                   (std::fabs(x - x1) - std::fabs(x - x0) + std::fabs(y - y1) - std::fabs(y - y0));
        }
        return sum;
    };
    return moved(move.shard) - (other == kNobody ? 0.0F : moved(other));
}

float Annealer::change_by_rows(Move move, std::uint32_t other) const {
    const float x0 = x_[move.shard];
    const float y0 = y_[move.shard];
    const float x1 = x_of(move.core);
    const float y1 = y_of(move.core);
    const float* const comes = rows_.data() + move.shard * stride_;
    const float* const goes = rows_.data() + (other == kNobody ? 0 : other) * stride_;
    const float sign = other == kNobody ? 0.0F : 1.0F;
    std::array<float, kLanes> sums{};
    for (std::size_t i = 0; i < stride_; i += kLanes) {
        for (std::size_t lane = 0; lane < kLanes; ++lane) {
            const float x = x_[i + lane];
            const float y = y_[i + lane];
            sums[lane] +=
                (comes[i + lane] - sign * goes[i + lane]) *
                (std::fabs(x - x1) - std::fabs(x - x0) + std::fabs(y - y1) - std::fabs(y - y0));
        }
    }
    float sum = 0.0F;
    for (const float lane : sums) sum += lane;
    return sum;
}

float Annealer::change(Move move) const {
    const std::uint32_t other = shard_at_[move.core];
    const float sum = rows_.empty() ? change_by_partners(move, other) : change_by_rows(move, other);
    if (other == kNobody) return sum;
    // Between the two, nothing changes; the sum has taken each for unmoved.
    const float apart =
        std::fabs(x_[move.shard] - x_[other]) + std::fabs(y_[move.shard] - y_[other]);
    return sum + 2.0F * packets_between(move.shard, other) * apart;
}

void Annealer::put(std::uint32_t shard, std::uint32_t core) {
    core_of_[shard] = core;
    shard_at_[core] = shard;
    x_[shard] = x_of(core);
    y_[shard] = y_of(core);
}

void Annealer::exchange(Move move) {
    const std::uint32_t own = core_of_[move.shard];
    const std::uint32_t other = shard_at_[move.core];
    shard_at_[own] = kNobody;
    put(move.shard, move.core);
    if (other != kNobody) put(other, own);
}

Annealer::Move Annealer::pick_any() {
    return {shards_[dice_.below(static_cast<std::uint32_t>(shards_.size()))],
            search_.cores[dice_.below(static_cast<std::uint32_t>(search_.cores.size()))]};
}

Annealer::Move Annealer::pick_near(std::uint32_t reach) {
    const std::uint32_t shard = shards_[dice_.below(static_cast<std::uint32_t>(shards_.size()))];
    const std::uint32_t own = core_of_[shard];
    const std::uint32_t tile = chip_.tile_of(own);
    // Wraps around below zero, which is out of the chip as well.
    const std::uint32_t x = tile % chip_.width + dice_.below(2 * reach + 1) - reach;
    const std::uint32_t y = tile / chip_.width + dice_.below(2 * reach + 1) - reach;
    if (x >= chip_.width || y >= chip_.height) return {shard, own};
    const std::uint32_t core =
        (y * chip_.width + x) * chip_.cores_per_tile + dice_.below(chip_.cores_per_tile);
    return {shard, is_free_[core] ? core : own};
}

double Annealer::mean_change() {
    constexpr int kSamples = 64;
    double sum = 0.0;
    for (int i = 0; i < kSamples; ++i) {
        const Move move = pick_any();
        if (move.core != core_of_[move.shard]) {
            sum += std::fabs(static_cast<double>(change(move))) / kSamples;
        }
    }
    return sum;
}

void Annealer::run() {
    if (shards_.empty() || search_.cores.size() < 2) return;
    const double scale = mean_change();
    // As many tries as half a second to a second allow, no more than a small chip needs.
    const double cost = rows_.empty() ? 8.0 * mean_partners_ : static_cast<double>(stride_);
    const auto tries = static_cast<std::uint64_t>(
        std::min(static_cast<double>(shards_.size()) * 40000.0, 5e8 / (cost + 32.0)));
    const std::vector<std::uint32_t> start = core_of_;
    const double before = hops();
    for (std::uint64_t i = 0; i < tries; ++i) {
        const double left = 1.0 - static_cast<double>(i) / static_cast<double>(tries);
        const double temperature = kHot * scale * left * left * left;
        const double reach = 1.0 + left * std::max(chip_.width, chip_.height);
        const Move move = left > kFar ? pick_any() : pick_near(static_cast<std::uint32_t>(reach));
        if (move.core == core_of_[move.shard]) continue;
        const auto worse = static_cast<double>(change(move));
        if (worse > 0.0 && dice_.unit() >= std::exp(-worse / temperature)) continue;
        exchange(move);
    }
    if (hops() > before) core_of_ = start;
}

}  // namespace

void anneal_placement(const CoreTraffic& traffic, const isa::ChipSpec& chip,
                      const PlacementSearch& search, std::vector<std::uint32_t>& core_of) {
    Annealer{traffic, chip, search, core_of}.run();
}

}  // namespace seamount::compiler
