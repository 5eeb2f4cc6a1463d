#pragma once

#include <cstdint>
#include <functional>
#include <span>

#include "emulator/machine/machine.hpp"
#include "emulator/mesh/grid/mesh_model.hpp"
#include "emulator/timing/step_report.hpp"

namespace seamount::emu {

/// What a timed run is asked for, whoever plays its steps.
struct RunParams {
    std::uint64_t steps = 0;
    MeshFidelity mesh = MeshFidelity::kPacket;
    Machine::Params machine;
    /// For RunTotals::stages and links, and CriticalPath::link. Costs time.
    bool observe_queues = false;
    std::function<void(const StepReport&)> on_step;  ///< called after each step, in order
    /// Called in each step with all packets, in order of their sources, before the mesh carries
    /// them; `started` is when the step began.
    std::function<void(Picoseconds started, std::span<const MeshPacket>)> on_packets;
};

}  // namespace seamount::emu
