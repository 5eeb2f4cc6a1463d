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
    std::vector<bool> movable;         ///< per shard; the others keep their cores
    std::vector<std::uint32_t> cores;  ///< that movable shards may use, their own among them
    std::uint64_t seed = 1;
    ShardRegions regions{};  ///< on which shards may be moved
};

/// Shards on cores, under change: knows the hops of their packets, where a link between chips
/// counts for as many as it costs, and what they become if two shards exchange their cores. Dead
/// links are not looked at. The chip and the search must outlive it.
class Arrangement {
public:
    static constexpr std::uint32_t kNobody = 0xFFFFFFFFU;

    /// What a shard exchanges with another one.
    struct Partner {
        std::uint32_t shard;
        float packets;  ///< in both directions
    };
    /// A shard goes to a core, and who is there to the shard's.
    struct Move {
        std::uint32_t shard;
        std::uint32_t core;
    };

    Arrangement(const CoreTraffic& traffic, const isa::ChipSpec& chip,
                const PlacementSearch& search, std::vector<std::uint32_t> core_of);

    [[nodiscard]] double hops() const;
    /// Change of the hops.
    [[nodiscard]] float change(Move move) const;
    void exchange(Move move);
    /// Puts all shards back to where they were.
    void restore(const std::vector<std::uint32_t>& core_of);

    /// False for moves to the own core, to cores of shards that must stay, and out of a region.
    [[nodiscard]] bool is_allowed(Move move) const {
        const std::uint32_t own = core_of_[move.shard];
        if (!is_free_[move.core] || move.core == own) return false;
        if (!search_.regions.allows(move.shard, move.core)) return false;
        const std::uint32_t other = shard_at_[move.core];
        return other == kNobody || search_.regions.allows(other, own);
    }
    /// Any movable shard to any core; perhaps its own.
    [[nodiscard]] Move pick_any(MappingDice& dice) const;
    /// Any movable shard not farther than `reach` tiles in each direction; to its own core if that
    /// one is not free.
    [[nodiscard]] Move pick_near(MappingDice& dice, std::uint32_t reach) const;

    [[nodiscard]] const std::vector<std::uint32_t>& core_of() const noexcept { return core_of_; }
    [[nodiscard]] std::uint32_t shard_at(std::uint32_t core) const { return shard_at_[core]; }
    [[nodiscard]] const std::vector<std::uint32_t>& movable() const noexcept { return movable_; }
    [[nodiscard]] std::span<const Partner> partners(std::uint32_t shard) const {
        return partners_[shard];
    }
    [[nodiscard]] const isa::ChipSpec& chip() const noexcept { return chip_; }
    /// About how many operations change() takes.
    [[nodiscard]] double effort() const noexcept {
        return rows_.empty() ? 8.0 * mean_partners_ : static_cast<double>(stride_);
    }

private:
    [[nodiscard]] float x_of(std::uint32_t core) const {
        return places_.x[chip_.tile_of(core) % chip_.width];
    }
    [[nodiscard]] float y_of(std::uint32_t core) const {
        return places_.y[chip_.tile_of(core) / chip_.width];
    }
    void read(const CoreTraffic& traffic);
    void put(std::uint32_t shard, std::uint32_t core);
    [[nodiscard]] float packets_between(std::uint32_t a, std::uint32_t b) const;
    [[nodiscard]] float change_by_partners(Move move, std::uint32_t other) const;
    [[nodiscard]] float change_by_rows(Move move, std::uint32_t other) const;

    const isa::ChipSpec& chip_;
    const PlacementSearch& search_;
    TilePlaces places_;
    std::vector<std::uint32_t> core_of_;
    std::vector<std::uint32_t> shard_at_;  // per core
    std::vector<bool> is_free_;            // per core: movable shards may go there
    std::vector<std::uint32_t> movable_;
    std::size_t stride_;    // shards, rounded up to whole lanes
    std::vector<float> x_;  // of shards
    std::vector<float> y_;
    std::vector<std::vector<Partner>> partners_;
    std::vector<float> rows_;  // packets between all shards, if most pairs have some
    double mean_partners_ = 0.0;
};

}  // namespace seamount::compiler
