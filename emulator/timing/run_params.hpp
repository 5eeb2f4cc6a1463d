#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <string>

#include "emulator/machine/machine.hpp"
#include "emulator/mesh/grid/mesh_model.hpp"
#include "emulator/timing/run_totals.hpp"
#include "emulator/timing/step_report.hpp"

namespace seamount::emu {

/// Signals of the chip as a VCD file; only of runs that SystemC plays.
struct WaveParams {
    std::string file;                ///< without ".vcd", which SystemC appends; empty: none
    std::uint64_t first = 0;         ///< steps from here ...
    std::uint64_t end = 0;           ///< ... to before here
    std::uint64_t most_changes = 0;  ///< a step that would pass it is left out, and all after it
};

/// What a timed run is asked for, whoever plays its steps.
struct RunParams {
    std::uint64_t steps = 0;  ///< at most
    /// The run is over when the dataset has come to this step (Machine::position), which it may
    /// before `steps` where samples end early.
    std::uint64_t dataset_end = std::numeric_limits<std::uint64_t>::max();
    MeshFidelity mesh = MeshFidelity::kPacket;
    Machine::Params machine;
    /// StepLoop only: function, and nothing of time. There is no mesh, and `mesh`, `observe_queues`
    /// and `on_packets` do not matter.
    bool untimed = false;
    /// For RunTotals::stages and links, and CriticalPath::link. Costs time.
    bool observe_queues = false;
    /// The run continues from here: it must fit the image (Machine::load); needed only while the
    /// run is built.
    const MachineState* resume = nullptr;
    RunTotals before;  ///< of the steps before `resume`; the totals of the run go on from them
    /// Called before each step, when the machine takes what the host has for it.
    std::function<void(Machine&)> before_step;
    /// Called when the machine has computed a step, before time is played out for it: what it did
    /// is known then. `last`: the run has no step after it.
    std::function<void(const Machine&, const StepActivity&, bool last)> on_computed;
    WaveParams wave;
    std::function<void(const StepReport&)> on_step;  ///< called after each step, in order
    /// Called in each step with all packets, in order of their sources, before the mesh carries
    /// them; `started` is when the step began.
    std::function<void(Picoseconds started, std::span<const MeshPacket>)> on_packets;
};

}  // namespace seamount::emu
