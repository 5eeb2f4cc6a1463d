#include "emulator/mesh/grid.hpp"

#include <algorithm>

#include "isa/assert.hpp"

namespace seamount::emu {

namespace {

std::uint64_t time_of(const isa::ChipSpec& chip, isa::Event event) {
    return chip.price(event).time.count();
}

constexpr std::size_t index_of(Direction way) {
    return static_cast<std::size_t>(way);
}

}  // namespace

MeshGrid::MeshGrid(const isa::ChipSpec& chip)
    : width_{chip.width},
      height_{chip.height},
      tile_ps_{time_of(chip, isa::Event::kTileSpike)},
      east_west_ps_{time_of(chip, isa::Event::kHopEastWest)},
      north_south_ps_{time_of(chip, isa::Event::kHopNorthSouth)},
      occupancy_ps_{chip.link_occupancy.count()} {
    SM_ASSERT(width_ > 0 && height_ > 0 && width_ <= 65535 / height_,
              "a mesh has 1..65535 tiles, see ChipSpec::parse");
    x_.resize(tiles());
    y_.resize(tiles());
    for (std::uint32_t tile = 0; tile < tiles(); ++tile) {
        x_[tile] = static_cast<std::uint16_t>(tile % width_);
        y_[tile] = static_cast<std::uint16_t>(tile / width_);
    }
    for (auto& changes : load_change_) changes.resize(tiles());
}

Direction MeshGrid::route(std::uint32_t tile, std::uint32_t target) const noexcept {
    if (x_[target] != x_[tile]) {
        return x_[target] > x_[tile] ? Direction::kEast : Direction::kWest;
    }
    if (y_[target] != y_[tile]) {
        return y_[target] > y_[tile] ? Direction::kSouth : Direction::kNorth;
    }
    return Direction::kLocal;
}

std::uint64_t MeshGrid::free_arrival_ps(const MeshPacket& packet) const noexcept {
    const auto distance = [](std::uint16_t a, std::uint16_t b) {
        return static_cast<std::uint64_t>(a > b ? a - b : b - a);
    };
    return packet.inject_ps + tile_ps_ +
           distance(x_[packet.source_tile], x_[packet.target_tile]) * east_west_ps_ +
           distance(y_[packet.source_tile], y_[packet.target_tile]) * north_south_ps_ +
           occupancy_ps_ * (packet.flits - 1);
}

void MeshGrid::account(std::span<const MeshPacket> packets, MeshCounters& counters) {
    // A load belongs to the tile that the link leaves, so a route over the tiles a, ..., b loads
    // the links of a, ..., b - 1 (east, south) or of b + 1, ..., a (west, north).
    // Without branches: directions are random, and a route of no links adds and subtracts the same.
    const auto travel = [this](Direction forth, Direction back, std::uint32_t first,
                               std::uint32_t from, std::uint32_t to, std::uint32_t stride,
                               std::uint32_t flits) -> std::uint64_t {
        std::int64_t* changes =
            (to > from ? load_change_[index_of(forth)] : load_change_[index_of(back)]).data();
        changes[first + from * stride] += flits;
        changes[first + to * stride] -= flits;
        return std::uint64_t{to > from ? to - from : from - to} * flits;
    };
    for (const MeshPacket& packet : packets) {
        SM_ASSERT(packet.source_tile < tiles() && packet.target_tile < tiles(),
                  "a packet travels between tiles of the mesh");
        SM_ASSERT(packet.flits >= 1 && packet.flits <= kMaxFlits, "a packet has 1..65535 flits");
        const std::uint32_t from_x = x_[packet.source_tile];
        const std::uint32_t from_y = y_[packet.source_tile];
        const std::uint32_t to_x = x_[packet.target_tile];
        const std::uint32_t to_y = y_[packet.target_tile];
        counters.hops_east_west += travel(Direction::kEast, Direction::kWest, from_y * width_,
                                          from_x, to_x, 1, packet.flits);
        counters.hops_north_south +=
            travel(Direction::kSouth, Direction::kNorth, to_x, from_y, to_y, width_, packet.flits);
    }
    counters.packets += packets.size();
    counters.tile_spikes += packets.size();
}

std::uint64_t MeshGrid::max_link_flits() const {
    std::int64_t busiest = 0;
    const auto sweep = [&](Direction way, std::uint32_t lines, std::uint32_t line_stride,
                           std::uint32_t length, std::uint32_t stride) {
        const auto& changes = load_change_[index_of(way)];
        const bool forth = way == Direction::kEast || way == Direction::kSouth;
        for (std::uint32_t line = 0; line < lines; ++line) {
            std::int64_t load = 0;
            for (std::uint32_t i = 0; i < length; ++i) {
                const std::uint32_t at = forth ? i : length - 1 - i;
                load += changes[line * line_stride + at * stride];
                busiest = std::max(busiest, load);
            }
        }
    };
    sweep(Direction::kEast, height_, width_, width_, 1);
    sweep(Direction::kWest, height_, width_, width_, 1);
    sweep(Direction::kSouth, width_, 1, height_, width_);
    sweep(Direction::kNorth, width_, 1, height_, width_);
    return static_cast<std::uint64_t>(busiest);
}

}  // namespace seamount::emu
