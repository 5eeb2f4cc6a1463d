#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "emulator/mesh/packet/packet_link.hpp"

namespace seamount::emu {

/// Packets that hold each other up: what PacketTraffic plays when its packets wait much.
///
/// Every input of a router is a queue whose first packet only may ask for a link; the next one asks
/// when the tail before it has left. A packet starts on a link when the link is free and the buffer
/// behind it has places for its flits, or for as many as it holds; a place is known to be free one
/// credit time after its flit left. Of the packets that may start on a link, the one that asked
/// first does (ties: the lower index), in global time order. The way into the mesh has no end.
/// A packet that does not fit a buffer keeps the link behind it until its head goes on. Against the
/// flit mesh: one event per packet and hop instead of some per flit; arbiters are first come, first
/// served; a packet that fits a buffer does not enter it in parts; one that does not fit two
/// buffers holds up only the last link behind it.
class PacketQueues {
public:
    virtual ~PacketQueues() = default;

    /// Empties all queues; time is 0.
    virtual void begin() = 0;
    /// A packet whose head comes to a router, travelling in direction `way`, after those before it;
    /// its last flit comes at `tail`.
    virtual void enter(std::uint32_t mesh, TileId tile, Direction way, const PacketHead& head,
                       Ticks tail) = 0;
    /// Plays everything before `until`; deliveries are appended. Returns how long packets waited.
    virtual Ticks play(Ticks until, std::vector<MeshDelivery>& delivered) = 0;
};

/// `grid` and `links`, by router and direction, must outlive the queues.
[[nodiscard]] std::unique_ptr<PacketQueues> make_packet_queues(const MeshGrid& grid,
                                                               std::vector<PacketLink>& links);

}  // namespace seamount::emu
