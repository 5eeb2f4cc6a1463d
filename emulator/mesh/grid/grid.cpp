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
    for (std::uint32_t tile = 0; tile < tiles(); ++tile) {
        x_.push_back(static_cast<std::uint16_t>(tile % width()));
        y_.push_back(static_cast<std::uint16_t>(tile / width()));
    }
    load_change_.assign(std::size_t{4} * meshes(), std::vector<std::int64_t>(tiles()));
    turn_.resize(tiles());
}

bool MeshGrid::exists(std::uint32_t tile, Direction way) const noexcept {
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

std::uint32_t MeshGrid::neighbor(std::uint32_t tile, Direction way) const noexcept {
    switch (way) {
        case Direction::kEast:
            return tile + 1;
        case Direction::kWest:
            return tile - 1;
        case Direction::kSouth:
            return tile + width();
        case Direction::kNorth:
            return tile - width();
        case Direction::kLocal:
            break;
    }
    return tile;
}

Direction MeshGrid::route(std::uint32_t mesh, std::uint32_t tile, std::uint32_t target,
                          Direction came) const noexcept {
    if (const isa::Routes* const tables = params_.tables.get()) {
        const auto back = static_cast<Direction>(static_cast<std::uint32_t>(came) ^ 1U);
        const bool descending =
            came != Direction::kLocal && tables->descends(TileId{neighbor(tile, back)}, came);
        return tables->next(TileId{tile}, TileId{target}, descending);
    }
    const bool along_x = x_[target] != x_[tile] && !(y_first(mesh) && y_[target] != y_[tile]);
    if (along_x) return x_[target] > x_[tile] ? Direction::kEast : Direction::kWest;
    if (y_[target] == y_[tile]) return Direction::kLocal;
    return y_[target] > y_[tile] ? Direction::kSouth : Direction::kNorth;
}

bool MeshGrid::off_chip(std::uint32_t tile, Direction way) const noexcept {
    if (!several_chips_ || way == Direction::kLocal) return false;
    const std::uint32_t next = neighbor(tile, way);
    return x(tile) / params_.chip_width != x(next) / params_.chip_width ||
           y(tile) / params_.chip_height != y(next) / params_.chip_height;
}

std::uint64_t MeshGrid::hop_ps(std::uint32_t tile, Direction way) const noexcept {
    if (off_chip(tile, way)) return params_.hop_off_chip;
    return way == Direction::kEast || way == Direction::kWest ? params_.hop_east_west
                                                              : params_.hop_north_south;
}

std::uint64_t MeshGrid::occupancy_ps(std::uint32_t tile, Direction way) const noexcept {
    if (way == Direction::kLocal) return params_.local_occupancy;
    return off_chip(tile, way) ? params_.off_chip_occupancy : params_.occupancy;
}

MeshGrid::Route MeshGrid::hops(const MeshPacket& packet) const noexcept {
    Route route;
    if (tables() != nullptr) {
        tables()->for_each_link(
            TileId{packet.source_tile}, TileId{packet.target_tile}, [&](TileId at, Direction way) {
                const bool along_x = way == Direction::kEast || way == Direction::kWest;
                ++(off_chip(at.value(), way) ? route.off_chip
                   : along_x                 ? route.east_west
                                             : route.north_south);
            });
        return route;
    }
    const std::uint32_t from = packet.source_tile;
    const std::uint32_t to = packet.target_tile;
    route.east_west = distance(x_[from], x_[to]);
    route.north_south = distance(y_[from], y_[to]);
    if (several_chips_) {
        const std::uint64_t across =
            distance(x_[from] / params_.chip_width, x_[to] / params_.chip_width);
        const std::uint64_t down =
            distance(y_[from] / params_.chip_height, y_[to] / params_.chip_height);
        route.east_west -= across;
        route.north_south -= down;
        route.off_chip = across + down;
    }
    return route;
}

std::uint64_t MeshGrid::tail_ps(const MeshPacket& packet) const noexcept {
    if (packet.flits == 1) return 0;
    return pace_ps(several_chips_ && hops(packet).off_chip != 0) * (packet.flits - 1);
}

std::uint64_t MeshGrid::free_arrival_ps(const MeshPacket& packet) const noexcept {
    const Route route = hops(packet);
    const std::uint64_t links = route.east_west + route.north_south + route.off_chip;
    return packet.inject_ps + params_.inject + route.east_west * params_.hop_east_west +
           route.north_south * params_.hop_north_south + route.off_chip * params_.hop_off_chip +
           (links + 1) * params_.allocate + params_.eject + tail_ps(packet);
}

void MeshGrid::begin() {
    std::fill(turn_.begin(), turn_.end(), std::uint8_t{0});
}

std::uint32_t MeshGrid::choose_mesh(const MeshPacket& packet) noexcept {
    if (meshes() == 1) return 0;
    switch (params_.policy) {
        case isa::MeshPolicy::kAlternate:
            return (turn_[packet.source_tile]++) & 1U;
        case isa::MeshPolicy::kParity:
            return (std::uint32_t{packet.source_tile} + packet.target_tile) & 1U;
        case isa::MeshPolicy::kType:
            break;
    }
    return packet.kind == PacketKind::kSpike ? 0 : 1;
}

std::uint32_t MeshGrid::enter(const MeshPacket& packet, MeshCounters& counters) {
    SM_ASSERT(packet.source_tile < tiles() && packet.target_tile < tiles(),
              "a packet travels between tiles of the mesh");
    SM_ASSERT(packet.flits >= 1 && packet.flits <= kMaxFlits, "a packet has 1..kMaxFlits flits");
    SM_ASSERT(
        !tables() || tables()->connected(TileId{packet.source_tile}, TileId{packet.target_tile}),
        "dead links cut no packet off from its target");
    const Route route = hops(packet);
    counters.hops_east_west += route.east_west * packet.flits;
    counters.hops_north_south += route.north_south * packet.flits;
    counters.hops_off_chip += route.off_chip * packet.flits;
    ++counters.packets;
    ++counters.tile_spikes;
    const std::uint32_t mesh = choose_mesh(packet);
    load(packet, mesh);
    return mesh;
}

void MeshGrid::load(const MeshPacket& packet, std::uint32_t mesh) {
    const std::uint32_t from = packet.source_tile;
    const std::uint32_t to = packet.target_tile;
    if (tables() != nullptr) {
        return tables()->for_each_link(TileId{from}, TileId{to}, [&](TileId at, Direction way) {
            changes(mesh, way)[at.index()] += packet.flits;
        });
    }
    // A load belongs to the tile that the link leaves, so a route over the tiles a, ..., b loads
    // the links of a, ..., b - 1 (east, south) or of b + 1, ..., a (west, north).
    // Without branches: directions are random, and a route of no links adds and subtracts the same.
    const auto travel = [&](Direction forth, Direction back, std::uint32_t first,
                            std::uint32_t start, std::uint32_t end, std::uint32_t stride) {
        std::int64_t* const loads = changes(mesh, end > start ? forth : back).data();
        loads[first + start * stride] += packet.flits;
        loads[first + end * stride] -= packet.flits;
    };
    const std::uint32_t row = y_[y_first(mesh) ? to : from];
    const std::uint32_t column = x_[y_first(mesh) ? from : to];
    travel(Direction::kEast, Direction::kWest, row * width(), x_[from], x_[to], 1);
    travel(Direction::kSouth, Direction::kNorth, column, y_[from], y_[to], width());
}

std::int64_t MeshGrid::busiest(const std::vector<std::int64_t>& changes, Direction way) const {
    if (tables() != nullptr) return *std::max_element(changes.begin(), changes.end());
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
    return most;
}

std::uint64_t MeshGrid::max_link_flits() const {
    std::int64_t most = 0;
    for (std::size_t i = 0; i < load_change_.size(); ++i) {
        most = std::max(most, busiest(load_change_[i], static_cast<Direction>(i % 4)));
    }
    return static_cast<std::uint64_t>(most);
}

}  // namespace seamount::emu
