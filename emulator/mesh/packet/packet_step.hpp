#pragma once

#include <span>
#include <vector>

#include "emulator/mesh/grid/source_routes.hpp"
#include "emulator/mesh/packet/reservations.hpp"
#include "emulator/mesh/packet/wait_log.hpp"
#include "emulator/mesh/packet/ways_in.hpp"

namespace seamount::emu {

/// Carries the packets of one step over links that are idle at its start: all of them reserve.
class PacketStep {
public:
    /// All must outlive it; what is left in `ways_in` and `reservations` after a step is nothing.
    PacketStep(MeshGrid& grid, WaysIn& ways_in, Reservations& reservations)
        : grid_{grid},
          ways_in_{ways_in},
          reservations_{reservations},
          routes_{grid},
          waits_{grid.routers() * kDirections} {}

    /// From the next step on remember where packets wait.
    void watch_delays(bool on) noexcept { watching_ = on; }
    /// Writes the arrival of each packet, and adds to `counters`.
    void carry(std::span<const MeshPacket> packets, std::span<Ticks> arrivals,
               MeshCounters& counters);
    /// Where packet `i` of the last step waited longest; its packets must still stand.
    [[nodiscard]] LinkDelay worst_link(std::uint32_t packet) const;

private:
    template <class Sink>
    void play(std::span<const MeshPacket> packets, const Sink& sink, MeshCounters& counters);

    template <class Sink>
    void enter_by_routes(std::span<const MeshPacket> packets, const Sink& sink,
                         MeshCounters& counters);
    [[nodiscard]] LinkDelay worst_link(std::uint32_t packet, std::uint32_t mesh) const;

    MeshGrid& grid_;
    WaysIn& ways_in_;
    Reservations& reservations_;
    SourceRoutes<HeadStream*> routes_;  ///< Reservations::way_in
    bool watching_ = false;
    std::span<const MeshPacket> packets_;  ///< of the last step, if it was watched
    WaitLog waits_;                        ///< the same
};

}  // namespace seamount::emu
