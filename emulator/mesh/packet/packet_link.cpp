#include "emulator/mesh/packet/packet_link.hpp"

namespace seamount::emu {

std::vector<PacketLink> packet_links(const MeshGrid& grid) {
    const MeshParams& params = grid.params();
    std::vector<PacketLink> links(grid.routers() * kDirections);
    for (std::size_t i = 0; i < links.size(); ++i) {
        PacketLink& link = links[i];
        const auto router = static_cast<std::uint32_t>(i / kDirections);
        link.use.mesh = static_cast<std::uint8_t>(grid.mesh_of(router));
        link.use.tile = grid.tile_of(router);
        link.use.way = static_cast<Direction>(i % kDirections);
        if (!grid.exists(link.use.tile, link.use.way)) continue;
        link.next = grid.neighbor(link.use.tile, link.use.way);
        link.occupancy = grid.occupancy(link.use.tile, link.use.way);
        link.hop = params.allocate + (link.use.way == Direction::kLocal
                                          ? params.eject
                                          : grid.hop(link.use.tile, link.use.way));
        // A body flit leaves when it has come, and its credit sets out at that instant.
        link.loop = link.hop - params.allocate +
                    (link.use.way == Direction::kLocal ? params.eject_credit : params.credit);
        link.between_chips = grid.off_chip(link.use.tile, link.use.way);
    }
    return links;
}

}  // namespace seamount::emu
