#pragma once

#include <span>

#include "tools/traffic/measure.hpp"
#include "tools/traffic/trace.hpp"

namespace seamount::traffic {

/// Plays a trace: a packet is made at its cycle, or when the packet that it comes after arrives,
/// whichever is later; its latency counts from then. Everything is measured, to the last arrival.
/// `window` is how many cycles at most pass between a switch decision and the delivery that it
/// causes (MeshParams::eject).
[[nodiscard]] Measured replay(emu::MeshModel& mesh, std::span<const TracedPacket> trace,
                              std::uint32_t tiles, std::uint64_t window);

}  // namespace seamount::traffic
