#include "emulator/mesh/grid/grid.hpp"

#include <algorithm>

#include "isa/base/assert.hpp"

namespace seamount::emu {

namespace {

std::uint64_t distance(std::uint32_t a, std::uint32_t b) noexcept {
    return a > b ? a - b : b - a;
}

}  // namespace

MeshGrid::MeshGrid(const MeshParams& params)
    : params_{params},
      several_chips_{(params.chip_width != 0 && params.chip_width < params.width) ||
                     (params.chip_height != 0 && params.chip_height < params.height)} {
    SM_ASSERT(width() > 0 && height() > 0 && width() <= 65536 / height(),
              "a mesh has 1..65536 tiles, see ChipSpec::parse");
    SM_ASSERT(meshes() == 1 || meshes() == 2, "one mesh or two");
    if (params_.chip_width == 0) params_.chip_width = width();
    if (params_.chip_height == 0) params_.chip_height = height();
    for (const TileId tile : tile_ids()) {
        x_.push_back(static_cast<std::uint16_t>(tile.value() % width()));
        y_.push_back(static_cast<std::uint16_t>(tile.value() / width()));
    }
    const std::size_t directions = index_of(Direction::kLocal) * meshes();
    if (tables() == nullptr) {
        load_change_.assign(directions, std::vector<std::int64_t>(tiles()));
    } else {
        load_.assign(directions, std::vector<std::uint64_t>(tiles()));
    }
    turn_.resize(tiles());
}

bool MeshGrid::exists(TileId tile, Direction way) const noexcept {
    switch (way) {
        case Direction::kEast:
            return x(tile) + 1 < width();
        case Direction::kWest:
            return x(tile) > 0;
        case Direction::kSouth:
            return y(tile) + 1 < height();
        case Direction::kNorth:
            return y(tile) > 0;
        case Direction::kLocal:
            break;
    }
    return true;
}

TileId MeshGrid::neighbor(TileId tile, Direction way) const noexcept {
    switch (way) {
        case Direction::kEast:
            return tile + 1U;
        case Direction::kWest:
            return TileId{tile.value() - 1};
        case Direction::kSouth:
            return tile + width();
        case Direction::kNorth:
            return TileId{tile.value() - width()};
        case Direction::kLocal:
            break;
    }
    return tile;
}

Direction MeshGrid::route(std::uint32_t mesh, TileId tile, TileId target,
                          Direction came) const noexcept {
    if (const isa::Routes* const tables = params_.tables.get()) {
        const bool descending = came != Direction::kLocal &&
                                tables->descends(neighbor(tile, isa::opposite(came)), came);
        return tables->next(tile, target, descending);
    }
    const bool along_x = x(target) != x(tile) && !(y_first(mesh) && y(target) != y(tile));
    if (along_x) return x(target) > x(tile) ? Direction::kEast : Direction::kWest;
    if (y(target) == y(tile)) return Direction::kLocal;
    return y(target) > y(tile) ? Direction::kSouth : Direction::kNorth;
}

bool MeshGrid::off_chip(TileId tile, Direction way) const noexcept {
    if (!several_chips_ || way == Direction::kLocal) return false;
    const TileId next = neighbor(tile, way);
    return x(tile) / params_.chip_width != x(next) / params_.chip_width ||
           y(tile) / params_.chip_height != y(next) / params_.chip_height;
}

Ticks MeshGrid::hop(TileId tile, Direction way) const noexcept {
    if (off_chip(tile, way)) return params_.hop_off_chip;
    return way == Direction::kEast || way == Direction::kWest ? params_.hop_east_west
                                                              : params_.hop_north_south;
}

Ticks MeshGrid::occupancy(TileId tile, Direction way) const noexcept {
    if (way == Direction::kLocal) return params_.local_occupancy;
    return off_chip(tile, way) ? params_.off_chip_occupancy : params_.occupancy;
}

MeshGrid::Route MeshGrid::hops(TileId from, TileId to) const noexcept {
    Route route;
    if (tables() != nullptr) {
        tables()->for_each_link(from, to, [&](TileId at, Direction way) {
            const bool along_x = way == Direction::kEast || way == Direction::kWest;
            ++(off_chip(at, way) ? route.off_chip : along_x ? route.east_west : route.north_south);
        });
        return route;
    }
    route.east_west = distance(x(from), x(to));
    route.north_south = distance(y(from), y(to));
    if (several_chips_) {
        const std::uint64_t across =
            distance(x(from) / params_.chip_width, x(to) / params_.chip_width);
        const std::uint64_t down =
            distance(y(from) / params_.chip_height, y(to) / params_.chip_height);
        route.east_west -= across;
        route.north_south -= down;
        route.off_chip = across + down;
    }
    return route;
}

Ticks MeshGrid::free_spread(const MeshPacket& packet) const noexcept {
    if (packet.flits == 1) return {};
    return pace(several_chips_ && hops(packet.source_tile, packet.target_tile).off_chip != 0) *
           (packet.flits - 1);
}

Ticks MeshGrid::free_arrival(const MeshPacket& packet) const noexcept {
    const Route route = hops(packet.source_tile, packet.target_tile);
    const std::uint64_t links = route.east_west + route.north_south + route.off_chip;
    return packet.inject + params_.inject + route.east_west * params_.hop_east_west +
           route.north_south * params_.hop_north_south + route.off_chip * params_.hop_off_chip +
           (links + 1) * params_.allocate + params_.eject + free_spread(packet);
}

void MeshGrid::begin() {
    std::fill(turn_.begin(), turn_.end(), std::uint8_t{0});
}

std::uint32_t MeshGrid::choose_mesh(const MeshPacket& packet) noexcept {
    if (meshes() == 1) return 0;
    switch (params_.policy) {
        case isa::MeshPolicy::kAlternate:
            return (turn_[packet.source_tile.index()]++) & 1U;
        case isa::MeshPolicy::kParity:
            return (std::uint32_t{packet.source_tile.value()} + packet.target_tile.value()) & 1U;
        case isa::MeshPolicy::kType:
            break;
    }
    return packet.kind == PacketKind::kSpike ? 0 : 1;
}

std::uint32_t MeshGrid::enter(const MeshPacket& packet, MeshCounters& counters) {
    SM_ASSERT(packet.source_tile.value() < tiles() && packet.target_tile.value() < tiles(),
              "a packet travels between tiles of the mesh");
    SM_ASSERT(packet.flits >= 1 && packet.flits <= kMaxFlits, "a packet has 1..kMaxFlits flits");
    ++counters.packets;
    ++counters.tile_spikes;
    const std::uint32_t mesh = choose_mesh(packet);
    count_route(packet.source_tile, packet.target_tile, mesh, packet.flits, counters);
    return mesh;
}

void MeshGrid::count_route(TileId from, TileId to, std::uint32_t mesh, std::uint64_t flits,
                           MeshCounters& counters) {
    SM_ASSERT(!tables() || tables()->connected(from, to),
              "dead links cut no packet off from its target");
    const Route route = hops(from, to);
    counters.hops_east_west += route.east_west * flits;
    counters.hops_north_south += route.north_south * flits;
    counters.hops_off_chip += route.off_chip * flits;
    load(from, to, mesh, flits);
}

void MeshGrid::load(TileId from, TileId to, std::uint32_t mesh, std::uint64_t flits) {
    if (tables() != nullptr) {
        return tables()->for_each_link(from, to, [&](TileId at, Direction way) {
            load_[link_kind(mesh, way)][at.index()] += flits;
        });
    }
    // A load belongs to the tile that the link leaves, so a route over the tiles a, ..., b loads
    // the links of a, ..., b - 1 (east, south) or of b + 1, ..., a (west, north).
    // Without branches: directions are random, and a route of no links adds and subtracts the same.
    const auto travel = [&](Direction forth, Direction back, std::uint32_t first,
                            std::uint32_t start, std::uint32_t end, std::uint32_t stride) {
        std::int64_t* const loads =
            load_change_[link_kind(mesh, end > start ? forth : back)].data();
        loads[first + start * stride] += static_cast<std::int64_t>(flits);
        loads[first + end * stride] -= static_cast<std::int64_t>(flits);
    };
    const std::uint32_t row = y(y_first(mesh) ? to : from);
    const std::uint32_t column = x(y_first(mesh) ? from : to);
    travel(Direction::kEast, Direction::kWest, row * width(), x(from), x(to), 1);
    travel(Direction::kSouth, Direction::kNorth, column, y(from), y(to), width());
}

std::uint64_t MeshGrid::busiest(const std::vector<std::int64_t>& changes, Direction way) const {
    const bool along_x = way == Direction::kEast || way == Direction::kWest;
    const bool forth = way == Direction::kEast || way == Direction::kSouth;
    const std::uint32_t lines = along_x ? height() : width();
    const std::uint32_t length = along_x ? width() : height();
    std::int64_t most = 0;
    for (std::uint32_t line = 0; line < lines; ++line) {
        std::int64_t load = 0;
        for (std::uint32_t i = 0; i < length; ++i) {
            const std::uint32_t at = forth ? i : length - 1 - i;
            load += changes[along_x ? line * width() + at : at * width() + line];
            most = std::max(most, load);
        }
    }
    return static_cast<std::uint64_t>(most);
}

std::uint64_t MeshGrid::max_link_flits() const {
    std::uint64_t most = 0;
    for (const auto& loads : load_) {
        most = std::max(most, *std::max_element(loads.begin(), loads.end()));
    }
    for (std::size_t i = 0; i < load_change_.size(); ++i) {
        const auto way = static_cast<Direction>(i % index_of(Direction::kLocal));
        most = std::max(most, busiest(load_change_[i], way));
    }
    return most;
}

}  // namespace seamount::emu
