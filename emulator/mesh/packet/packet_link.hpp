#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "emulator/mesh/grid/grid.hpp"
#include "emulator/mesh/packet/packet_head.hpp"

namespace seamount::emu {

/// A link of a packet mesh; kLocal is the way out of the mesh at a tile.
struct PacketLink {
    /// By the direction so far; while packets reserve links (see Reservations).
    std::array<HeadStream, kDirections> requests;
    LinkUse use;        ///< but for the time that it was busy
    TileId next{};      ///< at its end
    Ticks occupancy{};  ///< per flit
    Ticks hop{};        ///< head, from its request to the next router
    Ticks loop{};       ///< from a flit to the credit for its place
    Ticks free{};       ///< it takes the next packet; see hold
    bool between_chips = false;

    /// Some packet waits for it among the requests.
    [[nodiscard]] bool asked() const noexcept {
        return std::any_of(requests.begin(), requests.end(),
                           [](const auto& stream) { return !stream.empty(); });
    }
    /// While a packet keeps it until who knows when; `free` says when it is over.
    void hold() noexcept { free = kNever; }
    [[nodiscard]] bool held() const noexcept { return free == kNever; }

    /// Idle, and its use starts from 0.
    void clear() noexcept {
        for (HeadStream& stream : requests) stream.clear();
        free = use.wait = use.max_wait = Ticks{};
        use.flits = 0;
    }
    /// True if a buffer of `places` flits holds less than the link sends in a credit loop.
    [[nodiscard]] bool outruns(std::uint64_t places) const noexcept {
        return occupancy != Ticks{} && places * occupancy < loop;
    }
    /// From the first flit of a packet to its last, if all that it waits for is its own credits.
    [[nodiscard]] Ticks spread(std::uint64_t flits, std::uint64_t places) const noexcept {
        if (flits <= places || !outruns(places)) return occupancy * (flits - 1);
        return (flits - 1) / places * loop + (flits - 1) % places * occupancy;
    }
    void count(Ticks wait, std::uint64_t flits) noexcept {
        use.wait += wait;
        use.max_wait = std::max(use.max_wait, wait);
        use.flits += flits;
    }
};

/// The links of a grid, by router and direction; those over its edges stand idle.
[[nodiscard]] std::vector<PacketLink> packet_links(const MeshGrid& grid);

/// Where a link stands among them.
[[nodiscard]] inline std::size_t link_index(const MeshGrid& grid, std::uint32_t mesh, TileId tile,
                                            Direction way) noexcept {
    return grid.router(mesh, tile) * kDirections + index_of(way);
}

}  // namespace seamount::emu
