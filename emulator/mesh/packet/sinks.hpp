#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "emulator/mesh/packet/packet_link.hpp"
#include "emulator/mesh/packet/wait_log.hpp"

namespace seamount::emu {

// A sink has waits_at(link, heads), where the waits of the packets go which a link serves, and
// deliver(packet, at).

/// Nobody wants to know who waits.
struct NoWaits {
    void add(std::uint32_t /*packet*/, Ticks /*wait*/) const noexcept {}
};

/// Where the packets of a step arrive.
struct StepSink {
    std::span<Ticks> arrivals;  ///< by packet

    [[nodiscard]] static NoWaits waits_at(std::size_t /*link*/, std::size_t /*heads*/) noexcept {
        return {};
    }
    void deliver(std::uint32_t packet, Ticks at) const { arrivals[packet] = at; }
};

/// The same, and how long they waited on the way.
struct WatchedStepSink {
    std::span<Ticks> arrivals;  ///< by packet
    WaitLog& waits;

    [[nodiscard]] WaitLog::Writer waits_at(std::size_t link, std::size_t heads) const {
        return waits.open(link, heads);
    }
    void deliver(std::uint32_t packet, Ticks at) const { arrivals[packet] = at; }
};

/// Where the packets of traffic without end arrive.
struct TrafficSink {
    std::vector<MeshDelivery>& delivered;

    [[nodiscard]] static NoWaits waits_at(std::size_t /*link*/, std::size_t /*heads*/) noexcept {
        return {};
    }
    void deliver(std::uint32_t packet, Ticks at) const { delivered.push_back({at, packet}); }
};

}  // namespace seamount::emu
