#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "isa/base/id_vector.hpp"
#include "isa/base/name_table.hpp"
#include "isa/chip/chip_spec.hpp"

namespace seamount::isa {

/// Way out of a router. x grows eastward, y grows southward.
enum class Way : std::uint8_t { kEast, kWest, kSouth, kNorth, kLocal };
/// In records and messages; "local" is the way from a router to the cores of its tile.
inline constexpr auto kWayNames = name_table<Way>({{Way::kEast, "east"},
                                                   {Way::kWest, "west"},
                                                   {Way::kSouth, "south"},
                                                   {Way::kNorth, "north"},
                                                   {Way::kLocal, "local"}});

/// The way back over a link; kLocal is its own.
[[nodiscard]] constexpr Way opposite(Way way) noexcept {
    return way == Way::kLocal ? way : static_cast<Way>(static_cast<unsigned>(way) ^ 1U);
}

/// Which way packets take through the mesh: what the compiler counts and every mesh model carries.
///
/// Without dead links packets go first along x, then along y. With dead links all packets follow
/// tables: shortest paths that first climb and then descend a breadth-first numbering of the tiles
/// from tile 0 (up*/down*), which cannot deadlock whatever is dead. Where no link is dead such
/// paths are as short as the direct ones (they are the negative-first turn model). Among equally
/// short ones x comes before y.
class Routes {
public:
    static constexpr std::uint32_t kMaxTiles = 4096;  ///< with dead links

    /// `chip` must have at most kMaxTiles tiles if it has dead links.
    explicit Routes(const ChipSpec& chip);

    /// True without dead links: dimension order, no tables.
    [[nodiscard]] bool xy() const noexcept { return table_.empty(); }
    /// True if there is a path between the two tiles.
    [[nodiscard]] bool connected(TileId a, TileId b) const noexcept {
        return xy() || tree_[a] == tree_[b];
    }
    /// The neighbour of `tile` that way, which must exist.
    [[nodiscard]] TileId neighbour(TileId tile, Way way) const noexcept;

    /// Where a packet for `target` leaves the router of `tile`. `descending` is what descends()
    /// said of the links that it came by: true if any of them descended. Both tiles must be
    /// connected.
    [[nodiscard]] Way next(TileId tile, TileId target, bool descending) const noexcept;
    /// True if the link descends, after which a packet must not climb; always false with xy().
    [[nodiscard]] bool descends(TileId tile, Way way) const noexcept {
        return !xy() && rank_[neighbour(tile, way)] > rank_[tile];
    }

    /// Place of a tile in the numbering: climbing leads to lower, descending to higher ranks. Needs
    /// dead links.
    [[nodiscard]] std::uint32_t rank(TileId tile) const noexcept { return rank_[tile]; }

    /// Calls visit(tile that the link leaves, way) for every link from `source` to `target`, in
    /// order.
    template <class Visit>
    void for_each_link(TileId source, TileId target, Visit&& visit) const {
        bool descending = false;
        for (TileId tile = source; tile != target;) {
            const Way way = next(tile, target, descending);
            visit(tile, way);
            descending = descending || descends(tile, way);
            tile = neighbour(tile, way);
        }
    }
    /// Links between the two tiles.
    [[nodiscard]] std::uint32_t hops(TileId source, TileId target) const noexcept;

private:
    [[nodiscard]] bool has_link(TileId tile, Way way) const noexcept {
        return (unsigned{links_[tile]} >> static_cast<unsigned>(way) & 1U) != 0;
    }
    void find_links(const ChipSpec& chip);
    void number_tiles();
    void fill_table(TileId target);

    std::uint32_t width_;
    std::uint32_t height_;
    IdVector<TileId, std::uint8_t> links_;  ///< bit per way with a working link
    IdVector<TileId, std::uint32_t> rank_;  ///< place in the breadth-first numbering
    IdVector<TileId, TileId> tree_;         ///< first tile of its connected part
    std::vector<Way> table_;                ///< by (target, tile, descending)
};

}  // namespace seamount::isa
