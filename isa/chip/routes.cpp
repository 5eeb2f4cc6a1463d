#include "isa/chip/routes.hpp"

#include "isa/base/assert.hpp"

namespace seamount::isa {
namespace {

constexpr std::array<Way, 4> kWays{Way::kEast, Way::kWest, Way::kSouth, Way::kNorth};
constexpr std::uint32_t kNone = 0xFFFFFFFFU;

}  // namespace

Routes::Routes(const ChipSpec& chip) : width_{chip.width}, height_{chip.height} {
    if (chip.faults.dead_links.empty()) return;
    const std::uint32_t tiles = width_ * height_;
    SM_ASSERT(tiles <= kMaxTiles, "more tiles than a routing table has, see read_faults");
    find_links(chip);
    number_tiles();
    table_.resize(std::size_t{tiles} * tiles * 2, Way::kLocal);
    for (std::uint32_t target = 0; target < tiles; ++target) fill_table(target);
}

std::uint32_t Routes::neighbour(std::uint32_t tile, Way way) const noexcept {
    switch (way) {
        case Way::kEast:
            return tile + 1;
        case Way::kWest:
            return tile - 1;
        case Way::kSouth:
            return tile + width_;
        case Way::kNorth:
            return tile - width_;
        case Way::kLocal:
            break;
    }
    return tile;
}

void Routes::find_links(const ChipSpec& chip) {
    links_.assign(std::size_t{width_} * height_, 0);
    const auto add = [this](std::uint32_t tile, Way way) {
        links_[tile] |= static_cast<std::uint8_t>(1U << static_cast<unsigned>(way));
    };
    for (std::uint32_t tile = 0; tile < links_.size(); ++tile) {
        if (tile % width_ + 1 < width_) add(tile, Way::kEast);
        if (tile % width_ > 0) add(tile, Way::kWest);
        if (tile / width_ + 1 < height_) add(tile, Way::kSouth);
        if (tile / width_ > 0) add(tile, Way::kNorth);
    }
    for (const auto& [low, high] : chip.faults.dead_links) {
        const Way way = high == low + 1 ? Way::kEast : Way::kSouth;
        links_[low] &= static_cast<std::uint8_t>(~(1U << static_cast<unsigned>(way)));
        links_[high] &= static_cast<std::uint8_t>(~(1U << static_cast<unsigned>(opposite(way))));
    }
}

void Routes::number_tiles() {
    rank_.assign(links_.size(), kNone);
    tree_.assign(links_.size(), kNone);
    std::vector<std::uint32_t> order;
    for (std::uint32_t root = 0; root < links_.size(); ++root) {
        if (tree_[root] != kNone) continue;
        tree_[root] = root;
        order.push_back(root);
        for (std::size_t at = order.size() - 1; at < order.size(); ++at) {
            const std::uint32_t tile = order[at];
            rank_[tile] = static_cast<std::uint32_t>(at);
            for (const Way way : kWays) {
                if (!has_link(tile, way) || tree_[neighbour(tile, way)] != kNone) continue;
                tree_[neighbour(tile, way)] = root;
                order.push_back(neighbour(tile, way));
            }
        }
    }
}

/// Walks backwards from the target, one step of distance at a time: first over links that descend
/// (a packet that descends already), then over links that climb as well.
void Routes::fill_table(std::uint32_t target) {
    const std::size_t tiles = links_.size();
    Way* const entry = table_.data() + std::size_t{target} * tiles * 2;
    std::vector<std::uint32_t> distance(tiles * 2, kNone);
    std::vector<std::size_t> states{std::size_t{target} * 2, std::size_t{target} * 2 + 1};
    distance[states[0]] = 0;
    distance[states[1]] = 0;
    for (std::size_t at = 0; at < states.size(); ++at) {
        const auto tile = static_cast<std::uint32_t>(states[at] / 2);
        const bool descending = states[at] % 2 != 0;
        for (const Way way : kWays) {
            if (!has_link(tile, way)) continue;
            const std::uint32_t from = neighbour(tile, way);
            const bool descends = rank_[tile] > rank_[from];
            // A descending link leads to the descending state, from either; a climbing one keeps
            // a packet that has not descended.
            if (descends != descending) continue;
            for (const std::size_t before : {std::size_t{from} * 2, std::size_t{from} * 2 + 1}) {
                if (!descends && before % 2 != 0) continue;
                const Way out = opposite(way);
                const bool is_new = distance[before] == kNone;
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

Way Routes::next(std::uint32_t tile, std::uint32_t target, bool descending) const noexcept {
    if (!xy()) {
        const std::size_t tiles = links_.size();
        return table_[(std::size_t{target} * tiles + tile) * 2 + (descending ? 1 : 0)];
    }
    const std::uint32_t x = tile % width_;
    const std::uint32_t y = tile / width_;
    const std::uint32_t to_x = target % width_;
    const std::uint32_t to_y = target / width_;
    if (x != to_x) return to_x > x ? Way::kEast : Way::kWest;
    if (y != to_y) return to_y > y ? Way::kSouth : Way::kNorth;
    return Way::kLocal;
}

std::uint32_t Routes::hops(std::uint32_t source, std::uint32_t target) const noexcept {
    std::uint32_t links = 0;
    for_each_link(source, target, [&links](std::uint32_t, Way) { ++links; });
    return links;
}

}  // namespace seamount::isa
