#include "emulator/timing/step_loop.hpp"

#include <algorithm>
#include <exception>
#include <utility>
#include <vector>

#include "emulator/mesh/make_mesh.hpp"
#include "emulator/timing/layout.hpp"
#include "emulator/timing/step_players.hpp"
#include "emulator/timing/stepper.hpp"

namespace seamount::emu {

struct StepLoop::Impl {
    Impl(const isa::Image& image, const isa::ChipSpec& chip, const RunParams& params)
        : spec{chip},
          layout{image, spec},
          mesh{make_mesh(params.mesh, spec)},
          stepper{image, spec, params, *mesh, timing},
          carrier{{static_cast<std::uint32_t>(image.cores.size()), mesh.get(), &timing,
                   params.on_packets}},
          barrier_ps{layout.barrier_time(spec).count()},
          now_ps{params.before.time.count()} {
        timing.cores.resize(image.cores.size());
        if (params.observe_queues) timing.watches.resize(image.cores.size());
        mesh->watch_delays(params.observe_queues);
        for (const CoreSlot slot : layout.tile_of_core.ids()) {
            cores.emplace_back(CorePlayer::Params{slot, &layout, &spec, &timing});
        }
    }

    /// The length of the step that the stepper computed, without the barrier.
    std::uint64_t play();

    isa::ChipSpec spec;
    ChipLayout layout;
    std::unique_ptr<MeshModel> mesh;
    StepTiming timing;
    Stepper stepper;
    std::vector<CorePlayer> cores;
    MeshPlayer carrier;
    std::uint64_t barrier_ps;
    std::uint64_t now_ps;  ///< modelled time
};

std::uint64_t StepLoop::Impl::play() {
    const StepActivity& step = stepper.activity();
    carrier.begin(step);
    for (std::uint32_t c = 0; c < cores.size(); ++c) {
        const PacketRange range = stepper.packets_from(CoreSlot{c});
        cores[c].send(step, range, carrier.room(range));
    }
    const PacketRange host = stepper.packets_from(SpikePacket::kFromHost);
    timing.host_done_ps = play_host(step, host, carrier.room(host), layout, spec);
    std::uint64_t done_ps = std::max(timing.host_done_ps, carrier.carry(step, Picoseconds{now_ps}));
    for (std::uint32_t c = 0; c < cores.size(); ++c) {
        const CoreSlot slot{c};
        const std::uint64_t stalled_ps = carrier.stalled_ps(stepper.packets_from(slot));
        done_ps = std::max(done_ps, cores[c].receive(step, carrier.at(slot), stalled_ps));
    }
    return done_ps;
}

StepLoop::StepLoop(const isa::Image& image, const isa::ChipSpec& chip, RunParams params)
    : impl_{std::make_unique<Impl>(image, chip, params)} {}
StepLoop::~StepLoop() = default;

bool StepLoop::step() {
    const auto rethrow = [this] {
        if (impl_->stepper.failure()) std::rethrow_exception(impl_->stepper.failure());
    };
    if (!impl_->stepper.begin_step()) {
        rethrow();
        return false;
    }
    const std::uint64_t duration_ps = impl_->play() + impl_->barrier_ps;
    impl_->stepper.end_step(Picoseconds{impl_->now_ps}, Picoseconds{duration_ps});
    impl_->now_ps += duration_ps;
    rethrow();
    return true;
}

void StepLoop::resume(const MachineState& state, const RunTotals& before) {
    impl_->stepper.resume(state, before);
    impl_->now_ps = before.time.count();
}

Machine& StepLoop::machine() noexcept {
    return impl_->stepper.machine();
}

const Machine& StepLoop::machine() const noexcept {
    return impl_->stepper.machine();
}

RunTotals StepLoop::totals() const {
    RunTotals totals = impl_->stepper.totals();
    totals.powered = impl_->layout.powered(impl_->spec);
    for (const QueueWatch& watch : impl_->timing.watches) totals.stages.push_back(watch.uses());
    totals.links = impl_->stepper.links();
    return totals;
}

}  // namespace seamount::emu
