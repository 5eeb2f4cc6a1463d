#pragma once

#include <array>
#include <vector>

#include "emulator/mesh/grid/grid.hpp"
#include "emulator/mesh/packet/merge.hpp"

namespace seamount::emu {

/// A link of a PacketMesh; kLocal is the way out of the mesh at `tile`.
struct PacketLink {
    std::array<std::vector<PacketHead>, kDirections> requests;  ///< by the direction so far
    LinkUse use;
    std::uint32_t next = 0;       ///< tile at its end
    std::uint64_t occupancy = 0;  ///< per flit
    std::uint64_t hop = 0;        ///< head, from its request to the next router
    std::uint64_t loop = 0;       ///< from a flit to the credit for its place
    std::uint64_t free = 0;
    bool slow = false;  ///< off-chip: its pace may exceed that of the other links

    /// True if a buffer of `places` flits holds less than the link sends in a credit loop.
    [[nodiscard]] bool outruns(std::uint64_t places) const noexcept {
        return occupancy != 0 && places * occupancy < loop;
    }
    /// From the first flit of a packet to its last, if all that it waits for is its own credits.
    [[nodiscard]] std::uint64_t spread(std::uint64_t flits, std::uint64_t places) const noexcept {
        if (flits <= places || !outruns(places)) return occupancy * (flits - 1);
        return (flits - 1) / places * loop + (flits - 1) % places * occupancy;
    }
    void count(std::uint64_t wait, std::uint64_t flits) noexcept {
        use.wait_ps += wait;
        use.max_wait_ps = std::max(use.max_wait_ps, wait);
        use.flits += flits;
    }
};

/// The links of a grid, by mesh, tile and direction; those over its edges stand idle.
[[nodiscard]] std::vector<PacketLink> packet_links(const MeshGrid& grid);

}  // namespace seamount::emu
