#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "emulator/mesh/grid/grid.hpp"
#include "isa/base/assert.hpp"

namespace seamount::emu {

/// Enters the packets of a step into a grid, as MeshGrid::enter does with each. Packets of one tile
/// stand together and go to few others: what they have in common is looked up once per pair of
/// tiles, and their flits are counted together.
///
/// `What` is what a mesh wants to know about a pair of tiles.
template <class What>
class SourceRoutes {
public:
    /// `grid` must outlive it.
    explicit SourceRoutes(MeshGrid& grid) : grid_{grid}, routes_(grid.routers()) {}

    /// Returns find(mesh) of the first packet of the source that goes to the same tile over the
    /// same mesh, if there was one since the source was another one; else of this one.
    template <class Find>
    const What& enter(const MeshPacket& packet, MeshCounters& counters, Find find) {
        SM_ASSERT(packet.target_tile.value() < grid_.tiles(), "a packet travels between tiles");
        SM_ASSERT(packet.flits >= 1 && packet.flits <= kMaxFlits,
                  "a packet has 1..kMaxFlits flits");
        if (source_ != packet.source_tile) {
            SM_ASSERT(packet.source_tile.value() < grid_.tiles(), "a packet travels between tiles");
            count(counters);
            source_ = packet.source_tile;
        }
        const std::uint32_t mesh = grid_.choose_mesh(packet);
        const std::uint32_t router = grid_.router(mesh, packet.target_tile);
        Route& route = routes_[router];
        if (route.packets == 0) {
            used_.push_back(router);
            route.what = find(mesh);
        }
        ++route.packets;
        route.flits += packet.flits;
        return route.what;
    }

    /// Counts what is not counted yet: after the last packet of a step.
    void count(MeshCounters& counters) {
        for (const std::uint32_t router : used_) {
            Route& route = routes_[router];
            counters.packets += route.packets;
            counters.tile_spikes += route.packets;
            grid_.count_route(source_, grid_.tile_of(router), grid_.mesh_of(router), route.flits,
                              counters);
            route = {};
        }
        used_.clear();
    }

private:
    struct Route {
        What what{};
        std::uint64_t packets = 0;
        std::uint64_t flits = 0;
    };
    MeshGrid& grid_;
    PackedTile source_{};              ///< of the packets that routes_ counts
    std::vector<Route> routes_;        ///< by the router at the target
    std::vector<std::uint32_t> used_;  ///< routers with packets
};

}  // namespace seamount::emu
