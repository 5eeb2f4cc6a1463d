#pragma once

#include <cstdint>
#include <exception>

#include "emulator/base/memory.hpp"
#include "emulator/mesh/grid/mesh_model.hpp"
#include "emulator/timing/arrival_order.hpp"
#include "emulator/timing/queue_watch.hpp"
#include "isa/base/id_vector.hpp"

namespace seamount::emu {

/// Packets [first, first + count) of a step.
struct PacketRange {
    std::uint32_t first = 0;
    std::uint32_t count = 0;
};

/// What the parts of a chip leave behind while they play a step: enough to find its critical path.
struct StepTiming {
    /// Since the start of the step.
    struct Core {
        std::uint64_t sent_ps = 0;  ///< sending stages over
        std::uint64_t done_ps = 0;  ///< at the barrier
    };
    IdVector<CoreSlot, Core> cores;
    std::uint64_t host_done_ps = 0;
    StepVector<MeshPacket> packets;  ///< in order of StepActivity::packets
    StepVector<Ticks> arrivals;      ///< of these at their target tiles
    const ArrivalOrder* order = nullptr;
    IdVector<CoreSlot, QueueWatch> watches;  ///< of the run; empty if nobody asked
    std::exception_ptr failure;              ///< that ended the simulation
};

}  // namespace seamount::emu
