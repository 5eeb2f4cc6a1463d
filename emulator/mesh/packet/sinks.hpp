#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "emulator/mesh/packet/packet_link.hpp"

namespace seamount::emu {

/// Where the packets of a step arrive.
struct StepSink {
    static constexpr bool kNotesWaits = false;
    std::span<Ticks> arrivals;  ///< by packet

    void deliver(std::uint32_t packet, Ticks at) const { arrivals[packet] = at; }
};

/// The same, and where they waited on the way.
struct WatchedStepSink {
    static constexpr bool kNotesWaits = true;
    std::span<Ticks> arrivals;     ///< by packet
    std::span<LinkDelay> longest;  ///< by packet

    void deliver(std::uint32_t packet, Ticks at) const { arrivals[packet] = at; }
    void note(const PacketLink& link, std::uint32_t packet, Ticks wait) const {
        if (wait <= longest[packet].wait) return;
        longest[packet] = {link.use.tile, link.use.way, link.use.mesh, wait};
    }
};

/// Where the packets of traffic without end arrive.
struct TrafficSink {
    static constexpr bool kNotesWaits = false;
    std::vector<MeshDelivery>& delivered;

    void deliver(std::uint32_t packet, Ticks at) const { delivered.push_back({at, packet}); }
};

}  // namespace seamount::emu
