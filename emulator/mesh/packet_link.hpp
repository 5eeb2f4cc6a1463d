#pragma once

#include <array>
#include <vector>

#include "emulator/mesh/grid.hpp"
#include "emulator/mesh/merge.hpp"

namespace seamount::emu {

/// A link of a PacketMesh; kLocal is the way out of the mesh at `tile`.
struct PacketLink {
    std::array<std::vector<PacketHead>, kDirections> requests;  ///< by the direction so far
    LinkUse use;
    std::uint32_t next = 0;       ///< tile at its end
    std::uint64_t occupancy = 0;  ///< per flit
    std::uint64_t hop = 0;        ///< head, from its request to the next router
    std::uint64_t free = 0;
    bool slow = false;  ///< off-chip: its pace may exceed that of the other links

    void count(std::uint64_t wait, std::uint64_t flits) noexcept {
        use.wait_ps += wait;
        use.max_wait_ps = std::max(use.max_wait_ps, wait);
        use.flits += flits;
    }
};

/// The links of a grid, by mesh, tile and direction; those over its edges stand idle.
[[nodiscard]] std::vector<PacketLink> packet_links(const MeshGrid& grid);

}  // namespace seamount::emu
