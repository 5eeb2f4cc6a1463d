#include "compiler/place/search/arrangement.hpp"

#include <array>
#include <cmath>
#include <utility>

namespace seamount::compiler {
namespace {

constexpr std::size_t kLanes = 8;  // sums that are added up side by side

}  // namespace

Arrangement::Arrangement(const CoreTraffic& traffic, const isa::ChipSpec& chip,
                         const PlacementSearch& search, IdVector<ShardId, CoreId> core_of)
    : chip_{chip},
      search_{search},
      places_{chip},
      core_of_{std::move(core_of)},
      shard_at_(chip.cores(), kNobody),
      is_free_(chip.cores()),
      stride_{(core_of_.size() + kLanes - 1) / kLanes * kLanes},
      x_(stride_),
      y_(stride_) {
    read(traffic);
    for (const CoreId core : search.cores) {
        is_free_[core] = true;
        const ShardId shard = shard_at_[core];
        if (shard != kNobody && search.movable[shard]) movable_.push_back(shard);
    }
}

void Arrangement::read(const CoreTraffic& traffic) {
    std::size_t pairs = 0;
    for (const ShardId shard : core_of_.ids()) {
        put(shard, core_of_[shard]);
        partners_.emplace_back();
        const IdVector<ShardId, double> both = traffic.between(shard);
        for (const ShardId other : both.ids()) {
            if (both[other] == 0.0) continue;
            partners_.back().push_back({other, static_cast<float>(both[other])});
        }
        pairs += partners_.back().size();
    }
    mean_partners_ = static_cast<double>(pairs) / static_cast<double>(core_of_.size());
    if (mean_partners_ * 8.0 < static_cast<double>(core_of_.size())) return;
    rows_.resize(core_of_.size() * stride_);
    for (const ShardId shard : partners_.ids()) {
        for (const Partner& p : partners_[shard])
            rows_[shard.index() * stride_ + p.shard.index()] = p.packets;
    }
}

double Arrangement::hops() const {
    double sum = 0.0;
    for (const ShardId shard : partners_.ids()) {
        for (const Partner& p : partners_[shard]) {
            const auto apart =
                std::fabs(x_[shard] - x_[p.shard]) + std::fabs(y_[shard] - y_[p.shard]);
            sum += static_cast<double>(p.packets) * static_cast<double>(apart);
        }
    }
    return sum / 2.0;
}

float Arrangement::packets_between(ShardId a, ShardId b) const {
    if (!rows_.empty()) return rows_[a.index() * stride_ + b.index()];
    for (const Partner& partner : partners_[a]) {
        if (partner.shard == b) return partner.packets;
    }
    return 0.0F;
}

float Arrangement::change_by_partners(Move move, ShardId other) const {
    const float x0 = x_[move.shard];
    const float y0 = y_[move.shard];
    const float x1 = x_of(move.core);
    const float y1 = y_of(move.core);
    const auto moved = [&](ShardId shard) {
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

float Arrangement::change_by_rows(Move move, ShardId other) const {
    const float x0 = x_[move.shard];
    const float y0 = y_[move.shard];
    const float x1 = x_of(move.core);
    const float y1 = y_of(move.core);
    const float* const comes = rows_.data() + move.shard.index() * stride_;
    const float* const goes = rows_.data() + (other == kNobody ? 0 : other.index()) * stride_;
    const float sign = other == kNobody ? 0.0F : 1.0F;
    const float* const xs = x_.list().data();
    const float* const ys = y_.list().data();
    std::array<float, kLanes> sums{};
    for (std::size_t i = 0; i < stride_; i += kLanes) {
        for (std::size_t lane = 0; lane < kLanes; ++lane) {
            const float x = xs[i + lane];
            const float y = ys[i + lane];
            sums[lane] +=
                (comes[i + lane] - sign * goes[i + lane]) *
                (std::fabs(x - x1) - std::fabs(x - x0) + std::fabs(y - y1) - std::fabs(y - y0));
        }
    }
    float sum = 0.0F;
    for (const float lane : sums) sum += lane;
    return sum;
}

float Arrangement::change(Move move) const {
    const ShardId other = shard_at_[move.core];
    const float sum = rows_.empty() ? change_by_partners(move, other) : change_by_rows(move, other);
    if (other == kNobody) return sum;
    // Between the two, nothing changes; the sum has taken each for unmoved.
    const float apart =
        std::fabs(x_[move.shard] - x_[other]) + std::fabs(y_[move.shard] - y_[other]);
    return sum + 2.0F * packets_between(move.shard, other) * apart;
}

void Arrangement::put(ShardId shard, CoreId core) {
    core_of_[shard] = core;
    shard_at_[core] = shard;
    x_[shard] = x_of(core);
    y_[shard] = y_of(core);
}

void Arrangement::exchange(Move move) {
    const CoreId own = core_of_[move.shard];
    const ShardId other = shard_at_[move.core];
    shard_at_[own] = kNobody;
    put(move.shard, move.core);
    if (other != kNobody) put(other, own);
}

void Arrangement::restore(const IdVector<ShardId, CoreId>& core_of) {
    for (const CoreId core : core_of_) shard_at_[core] = kNobody;
    for (const ShardId shard : core_of.ids()) put(shard, core_of[shard]);
}

Arrangement::Move Arrangement::pick_any(MappingDice& dice) const {
    const ShardId shard = movable_[dice.below(static_cast<std::uint32_t>(movable_.size()))];
    return {shard, search_.cores[dice.below(static_cast<std::uint32_t>(search_.cores.size()))]};
}

Arrangement::Move Arrangement::pick_near(MappingDice& dice, std::uint32_t reach) const {
    const ShardId shard = movable_[dice.below(static_cast<std::uint32_t>(movable_.size()))];
    const CoreId own = core_of_[shard];
    const TileId tile = chip_.tile_of(own);
    // Wraps around below zero, which is out of the chip as well.
    const std::uint32_t x = chip_.column_of(tile) + dice.below(2 * reach + 1) - reach;
    const std::uint32_t y = chip_.row_of(tile) + dice.below(2 * reach + 1) - reach;
    if (x >= chip_.width || y >= chip_.height) return {shard, own};
    const CoreId core = chip_.core_of(chip_.tile_at(x, y), dice.below(chip_.cores_per_tile));
    return {shard, is_free_[core] ? core : own};
}

}  // namespace seamount::compiler
