#include "emulator/chip/simulation.hpp"

#include <stdexcept>
#include <systemc>

#include "emulator/chip/chip.hpp"
#include "emulator/chip/step_control.hpp"
#include "emulator/mesh/make_mesh.hpp"
#include "emulator/timing/layout.hpp"
#include "emulator/timing/stepper.hpp"
#include "isa/base/assert.hpp"

/// libsystemc brings a `main` that calls `sc_main`, so the linker wants one even though our own
/// `main` takes its place and calls Simulation. Nothing ever calls this one.
extern "C" int sc_main(int, char*[]) {
    return 1;
}

namespace seamount::emu {

namespace {

/// Hears of packets at the time of the whole run, which may continue an earlier one; SystemC's
/// clock starts at 0.
std::function<void(Picoseconds, std::span<const MeshPacket>)> on_packets_of(
    const RunParams& params) {
    if (!params.on_packets || params.before.time == Picoseconds{}) return params.on_packets;
    return [hear = params.on_packets, before = params.before.time](
               Picoseconds started, std::span<const MeshPacket> packets) {
        hear(before + started, packets);
    };
}

/// SystemC's kernel is one per process and elaborates once.
void require_fresh_kernel() {
    if (sc_core::sc_get_status() != sc_core::SC_ELABORATION ||
        !sc_core::sc_get_top_level_objects().empty()) {
        throw std::logic_error(
            "a second Simulation in one process: SystemC cannot elaborate twice; run it in another "
            "process");
    }
    SM_ASSERT(sc_core::sc_get_time_resolution() == sc_core::sc_time(1, sc_core::SC_PS),
              "simulated time counts picoseconds");
}

}  // namespace

struct Simulation::Impl {
    Impl(const isa::Image& image, const isa::ChipSpec& chip_spec, const Params& params)
        : spec{(require_fresh_kernel(), chip_spec)},
          layout{image, spec},
          mesh{make_mesh(params.mesh, spec)},
          stepper{image, spec, params, *mesh, timing},
          control{stepper, params.before.time},
          chip{"chip",
               {&spec, &layout, mesh.get(), &control, &control, &timing, on_packets_of(params),
                params.wave}} {
        timing.cores.resize(image.cores.size());
        if (params.observe_queues) timing.watches.resize(image.cores.size());
        mesh->watch_delays(params.observe_queues);
    }

    isa::ChipSpec spec;
    ChipLayout layout;
    std::unique_ptr<MeshModel> mesh;
    StepTiming timing;
    Stepper stepper;
    StepControl control;
    Chip chip;
    bool ran = false;
};

Simulation::Simulation(const isa::Image& image, const isa::ChipSpec& chip, Params params)
    : impl_{std::make_unique<Impl>(image, chip, params)} {}

Simulation::~Simulation() = default;

const Machine& Simulation::machine() const noexcept {
    return impl_->stepper.machine();
}

RunTotals Simulation::run() {
    SM_ASSERT(!impl_->ran, "a Simulation runs once");
    impl_->ran = true;
    sc_core::sc_start();  // returns when no step begins any more
    for (const std::exception_ptr& failure : {impl_->stepper.failure(), impl_->timing.failure}) {
        if (failure) std::rethrow_exception(failure);
    }
    RunTotals totals = impl_->stepper.totals();
    totals.wave_steps = impl_->chip.close_wave();
    totals.powered = impl_->layout.powered(impl_->spec);
    for (const QueueWatch& watch : impl_->timing.watches) totals.stages.push_back(watch.uses());
    totals.links = impl_->stepper.links();
    return totals;
}

}  // namespace seamount::emu
