#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "compiler/base/dice.hpp"
#include "compiler/place/search/shard_regions.hpp"
#include "compiler/place/traffic/core_traffic.hpp"
#include "compiler/place/traffic/mesh_links.hpp"
#include "isa/chip/chip_spec.hpp"

namespace seamount::compiler {

/// What a search for a better placement may do.
struct PlacementSearch {
    IdVector<ShardId, bool> movable;  ///< the others keep their cores
    std::vector<CoreId> cores;        ///< that movable shards may use, their own among them
    std::uint64_t seed = 1;
    ShardRegions regions{};  ///< on which shards may be moved
};

/// Shards on cores, under change: knows the hops of their packets, where a link between chips
/// counts for as many as it costs, and what they become if two shards exchange their cores. Dead
/// links are not looked at. The chip and the search must outlive it.
class Arrangement {
public:
    static constexpr ShardId kNobody = ShardId::none();

    /// What a shard exchanges with another one.
    struct Partner {
        ShardId shard;
        float packets;  ///< in both directions
    };
    /// A shard goes to a core, and who is there to the shard's.
    struct Move {
        ShardId shard;
        CoreId core;
    };

    Arrangement(const CoreTraffic& traffic, const isa::ChipSpec& chip,
                const PlacementSearch& search, IdVector<ShardId, CoreId> core_of);

    [[nodiscard]] double hops() const;
    /// Change of the hops.
    [[nodiscard]] float change(Move move) const;
    void exchange(Move move);
    /// Puts all shards back to where they were.
    void restore(const IdVector<ShardId, CoreId>& core_of);

    /// False for moves to the own core, to cores of shards that must stay, and out of a region.
    [[nodiscard]] bool is_allowed(Move move) const {
        const CoreId own = core_of_[move.shard];
        if (!is_free_[move.core] || move.core == own) return false;
        if (!search_.regions.allows(move.shard, move.core)) return false;
        const ShardId other = shard_at_[move.core];
        return other == kNobody || search_.regions.allows(other, own);
    }
    /// Any movable shard to any core; perhaps its own.
    [[nodiscard]] Move pick_any(MappingDice& dice) const;
    /// Any movable shard not farther than `reach` tiles in each direction; to its own core if that
    /// one is not free.
    [[nodiscard]] Move pick_near(MappingDice& dice, std::uint32_t reach) const;

    [[nodiscard]] const IdVector<ShardId, CoreId>& core_of() const noexcept { return core_of_; }
    [[nodiscard]] ShardId shard_at(CoreId core) const { return shard_at_[core]; }
    [[nodiscard]] const std::vector<ShardId>& movable() const noexcept { return movable_; }
    [[nodiscard]] std::span<const Partner> partners(ShardId shard) const {
        return partners_[shard];
    }
    [[nodiscard]] const isa::ChipSpec& chip() const noexcept { return chip_; }
    /// About how many operations change() takes.
    [[nodiscard]] double effort() const noexcept {
        return rows_.empty() ? 8.0 * mean_partners_ : static_cast<double>(stride_);
    }

private:
    [[nodiscard]] float x_of(CoreId core) const {
        return places_.x[chip_.column_of(chip_.tile_of(core))];
    }
    [[nodiscard]] float y_of(CoreId core) const {
        return places_.y[chip_.row_of(chip_.tile_of(core))];
    }
    void read(const CoreTraffic& traffic);
    void put(ShardId shard, CoreId core);
    [[nodiscard]] float packets_between(ShardId a, ShardId b) const;
    [[nodiscard]] float change_by_partners(Move move, ShardId other) const;
    [[nodiscard]] float change_by_rows(Move move, ShardId other) const;

    const isa::ChipSpec& chip_;
    const PlacementSearch& search_;
    TilePlaces places_;
    IdVector<ShardId, CoreId> core_of_;
    IdVector<CoreId, ShardId> shard_at_;
    IdVector<CoreId, bool> is_free_;  // movable shards may go there
    std::vector<ShardId> movable_;
    std::size_t stride_;  // shards, rounded up to whole lanes
    IdVector<ShardId, float> x_;
    IdVector<ShardId, float> y_;
    IdVector<ShardId, std::vector<Partner>> partners_;
    std::vector<float> rows_;  // packets between all shards, if most pairs have some
    double mean_partners_ = 0.0;
};

}  // namespace seamount::compiler
