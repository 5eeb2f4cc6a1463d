#include "isa/chip/routes.hpp"

#include "isa/base/assert.hpp"

namespace seamount::isa {
namespace {

constexpr std::array<Way, 4> kWays{Way::kEast, Way::kWest, Way::kSouth, Way::kNorth};
constexpr std::uint32_t kFar = 0xFFFFFFFFU;  // no path found yet

}  // namespace

Routes::Routes(const ChipSpec& chip) : width_{chip.width}, height_{chip.height} {
    if (chip.faults.dead_links.empty()) return;
    const std::uint32_t tiles = width_ * height_;
    SM_ASSERT(tiles <= kMaxTiles, "more tiles than a routing table has, see read_faults");
    find_links(chip);
    number_tiles();
    table_.resize(std::size_t{tiles} * tiles * 2, Way::kLocal);
    for (const TileId target : links_.ids()) fill_table(target);
}

TileId Routes::neighbour(TileId tile, Way way) const noexcept {
    switch (way) {
        case Way::kEast:
            return tile + 1;
        case Way::kWest:
            return TileId{tile.value() - 1};
        case Way::kSouth:
            return tile + width_;
        case Way::kNorth:
            return TileId{tile.value() - width_};
        case Way::kLocal:
            break;
    }
    return tile;
}

void Routes::find_links(const ChipSpec& chip) {
    links_.assign(std::size_t{width_} * height_, 0);
    const auto add = [this](TileId tile, Way way) {
        links_[tile] |= static_cast<std::uint8_t>(1U << static_cast<unsigned>(way));
    };
    for (const TileId tile : links_.ids()) {
        const std::uint32_t x = tile.value() % width_;
        const std::uint32_t y = tile.value() / width_;
        if (x + 1 < width_) add(tile, Way::kEast);
        if (x > 0) add(tile, Way::kWest);
        if (y + 1 < height_) add(tile, Way::kSouth);
        if (y > 0) add(tile, Way::kNorth);
    }
    for (const auto& [low, high] : chip.faults.dead_links) {
        const Way way = high == low + 1 ? Way::kEast : Way::kSouth;
        links_[low] &= static_cast<std::uint8_t>(~(1U << static_cast<unsigned>(way)));
        links_[high] &= static_cast<std::uint8_t>(~(1U << static_cast<unsigned>(opposite(way))));
    }
}

void Routes::number_tiles() {
    rank_.assign(links_.size(), 0);
    tree_.assign(links_.size(), TileId::none());
    std::vector<TileId> order;
    for (const TileId root : links_.ids()) {
        if (tree_[root] != TileId::none()) continue;
        tree_[root] = root;
        order.push_back(root);
        for (std::size_t at = order.size() - 1; at < order.size(); ++at) {
            const TileId tile = order[at];
            rank_[tile] = static_cast<std::uint32_t>(at);
            for (const Way way : kWays) {
                if (!has_link(tile, way) || tree_[neighbour(tile, way)] != TileId::none()) continue;
                tree_[neighbour(tile, way)] = root;
                order.push_back(neighbour(tile, way));
            }
        }
    }
}

/// Walks backwards from the target, one step of distance at a time: first over links that descend
/// (a packet that descends already), then over links that climb as well.
void Routes::fill_table(TileId target) {
    const std::size_t tiles = links_.size();
    Way* const entry = table_.data() + target.index() * tiles * 2;
    std::vector<std::uint32_t> distance(tiles * 2, kFar);
    std::vector<std::size_t> states{target.index() * 2, target.index() * 2 + 1};
    distance[states[0]] = 0;
    distance[states[1]] = 0;
    for (std::size_t at = 0; at < states.size(); ++at) {
        const TileId tile{static_cast<std::uint32_t>(states[at] / 2)};
        const bool descending = states[at] % 2 != 0;
        for (const Way way : kWays) {
            if (!has_link(tile, way)) continue;
            const TileId from = neighbour(tile, way);
            const bool descends = rank_[tile] > rank_[from];
            // A descending link leads to the descending state, from either; a climbing one keeps
            // a packet that has not descended.
            if (descends != descending) continue;
            for (const std::size_t before : {from.index() * 2, from.index() * 2 + 1}) {
                if (!descends && before % 2 != 0) continue;
                const Way out = opposite(way);
                const bool is_new = distance[before] == kFar;
                const bool ties =
                    distance[before] == distance[states[at]] + 1 && out < entry[before];
                if (is_new) {
                    distance[before] = distance[states[at]] + 1;
                    states.push_back(before);
                }
                if (is_new || ties) entry[before] = out;
            }
        }
    }
}

Way Routes::next(TileId tile, TileId target, bool descending) const noexcept {
    if (!xy()) {
        const std::size_t tiles = links_.size();
        return table_[(target.index() * tiles + tile.index()) * 2 + (descending ? 1 : 0)];
    }
    const std::uint32_t x = tile.value() % width_;
    const std::uint32_t y = tile.value() / width_;
    const std::uint32_t to_x = target.value() % width_;
    const std::uint32_t to_y = target.value() / width_;
    if (x != to_x) return to_x > x ? Way::kEast : Way::kWest;
    if (y != to_y) return to_y > y ? Way::kSouth : Way::kNorth;
    return Way::kLocal;
}

std::uint32_t Routes::hops(TileId source, TileId target) const noexcept {
    std::uint32_t links = 0;
    for_each_link(source, target, [&links](TileId, Way) { ++links; });
    return links;
}

}  // namespace seamount::isa
