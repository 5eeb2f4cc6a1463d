#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "emulator/mesh/grid/mesh_model.hpp"

namespace seamount::emu {

/// Geometry, routes, latencies and the accounting of packets. Every fidelity uses this one, so
/// packets, hops and link loads do not depend on the fidelity.
class MeshGrid {
public:
    explicit MeshGrid(const MeshParams& params);

    [[nodiscard]] const MeshParams& params() const noexcept { return params_; }
    [[nodiscard]] std::uint32_t width() const noexcept { return params_.width; }
    [[nodiscard]] std::uint32_t height() const noexcept { return params_.height; }
    [[nodiscard]] std::uint32_t tiles() const noexcept { return params_.width * params_.height; }
    [[nodiscard]] std::uint32_t meshes() const noexcept { return params_.meshes; }
    [[nodiscard]] IdRange<TileId> tile_ids() const noexcept { return IdRange<TileId>{tiles()}; }
    [[nodiscard]] std::uint32_t x(TileId tile) const noexcept { return x_[tile.index()]; }
    [[nodiscard]] std::uint32_t y(TileId tile) const noexcept { return y_[tile.index()]; }
    /// The coordinates by tile, for loops over many packets.
    [[nodiscard]] const std::uint16_t* xs() const noexcept { return x_.data(); }
    [[nodiscard]] const std::uint16_t* ys() const noexcept { return y_.data(); }
    [[nodiscard]] bool exists(TileId tile, Direction way) const noexcept;
    /// The tile at the other end of a link that exists.
    [[nodiscard]] TileId neighbor(TileId tile, Direction way) const noexcept;

    /// Every tile has a router per mesh: their number, for arrays by mesh and tile.
    [[nodiscard]] std::uint32_t routers() const noexcept { return meshes() * tiles(); }
    [[nodiscard]] std::uint32_t router(std::uint32_t mesh, TileId tile) const noexcept {
        return mesh * tiles() + tile.value();
    }
    [[nodiscard]] std::uint32_t mesh_of(std::uint32_t router) const noexcept {
        return router / tiles();
    }
    [[nodiscard]] TileId tile_of(std::uint32_t router) const noexcept {
        return TileId{router % tiles()};
    }

    /// Where a packet for `target`, which travelled in direction `came` so far (kLocal: it starts
    /// here), leaves the router of `tile`.
    [[nodiscard]] Direction route(std::uint32_t mesh, TileId tile, TileId target,
                                  Direction came) const noexcept;
    /// True if packets go first along y in this mesh.
    [[nodiscard]] bool y_first(std::uint32_t mesh) const noexcept {
        return params_.routing == isa::MeshRouting::kYx ||
               (params_.routing == isa::MeshRouting::kXyYx && mesh == 1);
    }
    /// The next-hop tables, or nullptr: dimension order.
    [[nodiscard]] const isa::Routes* tables() const noexcept { return params_.tables.get(); }

    /// Head from one router to the next, and how long one flit keeps the link busy.
    [[nodiscard]] Ticks hop(TileId tile, Direction way) const noexcept;
    [[nodiscard]] Ticks occupancy(TileId tile, Direction way) const noexcept;
    [[nodiscard]] bool several_chips() const noexcept { return several_chips_; }
    [[nodiscard]] bool off_chip(TileId tile, Direction way) const noexcept;
    /// From one flit of a packet to the next: the slowest link of its route sets the pace.
    [[nodiscard]] Ticks pace(bool crosses_chips) const noexcept {
        const Ticks within = std::max(params_.occupancy, params_.local_occupancy);
        return crosses_chips ? std::max(within, params_.off_chip_occupancy) : within;
    }
    /// From the head of a packet to its tail, if nothing else is in the way.
    [[nodiscard]] Ticks free_spread(const MeshPacket& packet) const noexcept;
    /// Tail at the target when nothing is in the way.
    [[nodiscard]] Ticks free_arrival(const MeshPacket& packet) const noexcept;

    /// The next packet is the first of a step.
    void begin();
    /// Checks `packet`, counts its route in `counters` and in the loads of the links. Returns the
    /// mesh that the policy gives it; depends on the packets before it of the step.
    std::uint32_t enter(const MeshPacket& packet, MeshCounters& counters);
    /// The two parts of it. The mesh of a packet, which must travel between tiles of the mesh;
    [[nodiscard]] std::uint32_t choose_mesh(const MeshPacket& packet) noexcept;
    /// and the route of `flits` in packets of one pair of tiles over one mesh, which need not be
    /// counted one by one. Packets themselves are not counted.
    void count_route(TileId from, TileId to, std::uint32_t mesh, std::uint64_t flits,
                     MeshCounters& counters);
    /// Flits over the busiest link so far.
    [[nodiscard]] std::uint64_t max_link_flits() const;

private:
    struct Route {  ///< hops by kind
        std::uint64_t east_west = 0;
        std::uint64_t north_south = 0;
        std::uint64_t off_chip = 0;
    };
    [[nodiscard]] Route hops(TileId from, TileId to) const noexcept;
    void load(TileId from, TileId to, std::uint32_t mesh, std::uint64_t flits);
    /// Place of the links of a mesh and direction in load_change_ and load_.
    [[nodiscard]] static std::size_t link_kind(std::uint32_t mesh, Direction way) noexcept {
        return mesh * index_of(Direction::kLocal) + index_of(way);
    }
    /// The largest load that these changes of one mesh and direction add up to.
    [[nodiscard]] std::uint64_t busiest(const std::vector<std::int64_t>& changes,
                                        Direction way) const;

    MeshParams params_;
    bool several_chips_;
    std::vector<std::uint16_t> x_;  ///< by tile
    std::vector<std::uint16_t> y_;
    std::vector<std::uint8_t> turn_;  ///< by tile: mesh of its next packet, MeshPolicy::kAlternate

    /// Loads of links in dimension order, by mesh, direction and tile, as differences: a route adds
    /// its flits where it joins a row or column and subtracts them where it leaves. Two updates per
    /// packet, whatever its distance.
    std::vector<std::vector<std::int64_t>> load_change_;
    /// Loads of links with tables, by mesh, direction and tile.
    std::vector<std::vector<std::uint64_t>> load_;
};

}  // namespace seamount::emu
