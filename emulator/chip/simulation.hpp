#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>

#include "emulator/energy/ledger.hpp"
#include "emulator/machine/machine.hpp"
#include "emulator/mesh/grid/mesh_model.hpp"
#include "emulator/timing/critical_path.hpp"
#include "isa/chip/chip_spec.hpp"
#include "isa/image/image.hpp"

namespace seamount::emu {

/// One step as the timed chip saw it.
struct StepReport {
    const StepActivity& activity;
    const Machine& machine;     ///< for probes: state after the step
    Picoseconds started;        ///< modelled time since the start of the run
    Picoseconds duration;       ///< including the barrier
    const EventCounts& counts;  ///< of this step
    const CriticalPath& path;   ///< what the duration is made of
};

/// Totals of a run.
struct RunTotals {
    std::uint64_t steps = 0;
    EventCounts counts;  ///< sum over the steps; the start-up counts in the first one
    Picoseconds time{};  ///< of the steps
    PoweredParts powered;
    std::uint64_t max_link_flits = 0;
    std::uint64_t contention_ps = 0;
    std::uint64_t wide_packets = 0;  ///< payloads beyond their declared width (packet_flits.hpp)
    std::vector<StageUses> stages;   ///< by core, if Params::observe_queues
    std::vector<LinkUse> links;      ///< likewise: those that carried flits
};

/// Elaborates the SystemC chip for `image` and runs it. Once per process: SystemC cannot elaborate
/// twice.
class Simulation {
public:
    struct Params {
        std::uint64_t steps = 0;
        MeshFidelity mesh = MeshFidelity::kPacket;
        Machine::Params machine;
        /// For RunTotals::stages and links, and CriticalPath::link. Costs time.
        bool observe_queues = false;
        std::function<void(const StepReport&)> on_step;  ///< called after each step, in order
        /// Called in each step with all packets, in order of their sources; `started` is when the
        /// step began.
        std::function<void(Picoseconds started, std::span<const MeshPacket>)> on_packets;
    };
    Simulation(const isa::Image& image, const isa::ChipSpec& chip, Params params);
    ~Simulation();
    RunTotals run();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace seamount::emu
