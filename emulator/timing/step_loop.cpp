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

/// One of two: a chip in time, or its function alone.
struct StepLoop::Impl {
    Impl() = default;
    virtual ~Impl() = default;
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;

    virtual bool step() = 0;
    virtual void resume(const MachineState& state, const RunTotals& before) = 0;
    [[nodiscard]] virtual Machine& machine() noexcept = 0;
    [[nodiscard]] virtual RunTotals totals() const = 0;
};

namespace {

class TimedLoop final : public StepLoop::Impl {
public:
    TimedLoop(const isa::Image& image, const isa::ChipSpec& chip, const RunParams& params)
        : spec_{chip},
          layout_{image, spec_},
          mesh_{make_mesh(params.mesh, spec_)},
          stepper_{image, spec_, params, *mesh_, timing_},
          carrier_{{static_cast<std::uint32_t>(image.cores.size()), mesh_.get(), &timing_,
                    &stepper_.machine().threads(), params.on_packets}},
          barrier_ps_{layout_.barrier_time(spec_).count()},
          now_ps_{params.before.time.count()} {
        timing_.cores.resize(image.cores.size());
        if (params.observe_queues) timing_.watches.resize(image.cores.size());
        mesh_->watch_delays(params.observe_queues);
        for (const CoreSlot slot : layout_.tile_of_core.ids()) {
            cores_.emplace_back(CorePlayer::Params{slot, &layout_, &spec_, &timing_});
        }
    }

    bool step() override;
    void resume(const MachineState& state, const RunTotals& before) override {
        stepper_.resume(state, before);
        now_ps_ = before.time.count();
    }
    [[nodiscard]] Machine& machine() noexcept override { return stepper_.machine(); }
    [[nodiscard]] RunTotals totals() const override;

private:
    [[nodiscard]] static CoreSlot slot_of(std::size_t core) {
        return CoreSlot{static_cast<std::uint32_t>(core)};
    }
    /// The length of the step that the stepper computed, without the barrier.
    std::uint64_t play();

    isa::ChipSpec spec_;
    ChipLayout layout_;
    std::unique_ptr<MeshModel> mesh_;
    StepTiming timing_;
    Stepper stepper_;
    std::vector<CorePlayer> cores_;
    MeshPlayer carrier_;
    std::uint64_t barrier_ps_;
    std::uint64_t now_ps_;  ///< modelled time
};

std::uint64_t TimedLoop::play() {
    const StepActivity& step = stepper_.activity();
    Parallel& threads = stepper_.machine().threads();
    carrier_.begin(step);
    threads.for_each(cores_.size(), [&](std::size_t c, std::size_t) {
        const PacketRange range = stepper_.packets_from(slot_of(c));
        cores_[c].send(step, range, carrier_.room(range));
    });
    const PacketRange host = stepper_.packets_from(SpikePacket::kFromHost);
    timing_.host_done_ps = play_host(step, host, carrier_.room(host), layout_, spec_);
    std::uint64_t done_ps =
        std::max(timing_.host_done_ps, carrier_.carry(step, Picoseconds{now_ps_}));
    threads.for_each(cores_.size(), [&](std::size_t c, std::size_t) {
        const std::uint64_t stalled_ps = carrier_.stalled_ps(stepper_.packets_from(slot_of(c)));
        cores_[c].receive(step, carrier_.at(slot_of(c)), stalled_ps);
    });
    for (const StepTiming::Core& core : timing_.cores) done_ps = std::max(done_ps, core.done_ps);
    return done_ps;
}

bool TimedLoop::step() {
    const auto rethrow = [this] {
        if (stepper_.failure()) std::rethrow_exception(stepper_.failure());
    };
    if (!stepper_.begin_step()) {
        rethrow();
        return false;
    }
    const std::uint64_t duration_ps = play() + barrier_ps_;
    stepper_.end_step(Picoseconds{now_ps_}, Picoseconds{duration_ps});
    now_ps_ += duration_ps;
    rethrow();
    return true;
}

RunTotals TimedLoop::totals() const {
    RunTotals totals = stepper_.totals();
    totals.powered = layout_.powered(spec_);
    for (const QueueWatch& watch : timing_.watches) totals.stages.push_back(watch.uses());
    totals.links = stepper_.links();
    return totals;
}

/// The machine, and nothing else.
class FunctionLoop final : public StepLoop::Impl {
public:
    FunctionLoop(const isa::Image& image, const isa::ChipSpec& chip, RunParams params)
        : powered_{powered_parts(image, chip)},  // throws if the chip lacks a core
          machine_{image, without_packets(params.machine)},
          steps_left_{params.steps},
          dataset_end_{params.dataset_end},
          before_step_{std::move(params.before_step)},
          on_step_{std::move(params.on_step)},
          totals_{std::move(params.before)} {
        if (params.resume != nullptr) machine_.load(*params.resume);
    }

    bool step() override {
        if (steps_left_ == 0 || machine_.position().step >= dataset_end_) return false;
        --steps_left_;
        if (before_step_) before_step_(machine_);
        const StepActivity& activity = machine_.step();
        ++totals_.steps;
        if (on_step_) on_step_({activity, machine_, {}, {}, nothing_, no_path_, nullptr, nullptr});
        return true;
    }
    void resume(const MachineState& state, const RunTotals& before) override {
        machine_.load(state);
        totals_ = before;
    }
    [[nodiscard]] Machine& machine() noexcept override { return machine_; }
    [[nodiscard]] RunTotals totals() const override {
        RunTotals totals = totals_;
        totals.powered = powered_;
        return totals;
    }

private:
    [[nodiscard]] static Machine::Params without_packets(Machine::Params params) {
        params.packets = false;
        return params;
    }

    PoweredParts powered_;
    Machine machine_;
    std::uint64_t steps_left_;
    std::uint64_t dataset_end_;
    std::function<void(Machine&)> before_step_;
    std::function<void(const StepReport&)> on_step_;
    RunTotals totals_;
    EventCounts nothing_;
    CriticalPath no_path_;
};

}  // namespace

StepLoop::StepLoop(const isa::Image& image, const isa::ChipSpec& chip, RunParams params) {
    if (params.untimed) {
        impl_ = std::make_unique<FunctionLoop>(image, chip, std::move(params));
    } else {
        impl_ = std::make_unique<TimedLoop>(image, chip, params);
    }
}
StepLoop::~StepLoop() = default;

bool StepLoop::step() {
    return impl_->step();
}

void StepLoop::resume(const MachineState& state, const RunTotals& before) {
    impl_->resume(state, before);
}

Machine& StepLoop::machine() noexcept {
    return impl_->machine();
}

const Machine& StepLoop::machine() const noexcept {
    return impl_->machine();
}

RunTotals StepLoop::totals() const {
    return impl_->totals();
}

}  // namespace seamount::emu
