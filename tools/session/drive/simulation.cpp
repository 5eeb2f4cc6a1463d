#include "tools/session/drive/simulation.hpp"

#include <fmt/format.h>

#include <limits>
#include <stdexcept>
#include <utility>

#include "emulator/timing/step_loop.hpp"
#include "emulator/trace/probes.hpp"
#include "isa/base/diagnostic.hpp"
#include "tools/session/drive/names.hpp"
#include "tools/session/run_sum.hpp"

namespace seamount::session {
namespace {

constexpr std::int32_t kLowestReward = -128;  ///< what an epoch's sum is clipped to
constexpr std::int32_t kHighestReward = 127;

RunPlan plan_of(const Loaded& loaded, const RunSettings& settings) {
    RunPlan plan;
    plan.steps = std::numeric_limits<std::uint64_t>::max();
    plan.mesh = settings.mesh;
    plan.threads = threads_for(settings.threads, loaded.image);
    plan.seed = settings.seed.value_or(loaded.image.seed);
    plan.learning = settings.learning;
    plan.untimed = settings.untimed;
    return plan;
}

/// Keeps what happened in the last step.
class LastStep final : public RunObserver {
public:
    void on_step(const emu::StepReport& /*report*/, const Tally& step) override { tally = step; }
    Tally tally;
};

}  // namespace

struct Simulation::Impl {
    Impl(std::shared_ptr<const Loaded> from, const RunSettings& settings,
         std::vector<RunObserver*> others)
        : loaded{std::move(from)},
          plan{plan_of(*loaded, settings)},
          observers{std::move(others)},
          sum{loaded->image} {
        (void)emu::ProbeRecorder{loaded->image};  // throws if a probe names nothing
        observers.insert(observers.begin(), &last);
        rebuild();
    }

    void require_learning() const {
        if (loop->machine().learns()) return;
        bad_value(loaded->image, "no synapse of this simulation can learn",
                  "it needs a projection with 'learning', which the network or the settings of the "
                  "run have not switched off from start to end");
    }

    void rebuild() { loop.emplace(loaded->image, loaded->chip, run_params(plan, observers, sum)); }

    std::shared_ptr<const Loaded> loaded;
    RunPlan plan;
    LastStep last;
    std::vector<RunObserver*> observers;
    RunSum sum;
    std::optional<emu::StepLoop> loop;
};

Simulation::Simulation(std::shared_ptr<const Loaded> loaded, const RunSettings& settings,
                       std::vector<RunObserver*> observers)
    : impl_{std::make_unique<Impl>(std::move(loaded), settings, std::move(observers))} {}
Simulation::~Simulation() = default;
Simulation::Simulation(Simulation&&) noexcept = default;
Simulation& Simulation::operator=(Simulation&&) noexcept = default;

const Tally& Simulation::step() {
    if (before_step) before_step(*this);
    (void)impl_->loop->step();
    return impl_->last.tally;
}

void Simulation::run(std::uint64_t steps) {
    for (std::uint64_t i = 0; i < steps; ++i) (void)step();
}

std::uint64_t Simulation::steps_done() const {
    return impl_->loop->machine().steps_done();
}

std::uint64_t Simulation::dataset_step() const {
    return impl_->loop->machine().position().step;
}

void Simulation::reset(bool keep_learned) {
    emu::Machine& machine = impl_->loop->machine();
    std::optional<emu::MachineState> start;
    if (keep_learned || image().learning.projections.empty()) {
        machine.restart();
        start = machine.save();
    } else {
        // What synapses learned has to be read from the image again.
        impl_->rebuild();
        start = impl_->loop->machine().save();
    }
    impl_->loop->resume(*start, {});
    impl_->sum.resume({});
    impl_->last.tally = {};
}

State Simulation::snapshot() const {
    State state{image().network, populations_of(image()), impl_->loop->machine().save(),
                impl_->sum.progress(), impl_->loop->totals()};
    state.totals.stages.clear();
    state.totals.links.clear();
    return state;
}

void Simulation::restore(const State& state) {
    check_state(state, image(), image().network);
    if (state.machine.seed != impl_->plan.seed) {
        bad_input("RUN-STATE", image().network,
                  fmt::format("the state is of a run with seed {}, this one has seed {}",
                              state.machine.seed, impl_->plan.seed),
                  "give the simulation the seed of the state");
    }
    if (!impl_->plan.untimed) check_timed(state, image().network);
    try {
        impl_->loop->resume(state.machine, state.totals);
    } catch (const std::invalid_argument& error) {
        bad_input("RUN-STATE", image().network,
                  fmt::format("the state does not fit the network: {}", error.what()),
                  "a state continues the network that it was saved of");
    }
    impl_->sum.resume(state.progress);
}

void Simulation::inject(std::string_view input, std::span<const std::uint32_t> sources,
                        std::span<const std::int32_t> payloads) {
    inject(find_spiking_input(image(), input), sources, payloads);
}

void Simulation::inject(std::uint32_t input, std::span<const std::uint32_t> sources,
                        std::span<const std::int32_t> payloads) {
    const isa::InputImage& to = image().inputs.at(input);
    if (!payloads.empty() && payloads.size() != sources.size()) {
        bad_value(image(), fmt::format("{} payloads for {} spikes of input '{}'", payloads.size(),
                                       sources.size(), to.name));
    }
    for (const std::uint32_t source : sources) {
        if (source < to.size) continue;
        bad_value(image(), fmt::format("source {} of input '{}', must be in [0, {}]", source,
                                       to.name, std::int64_t{to.size} - 1));
    }
    impl_->loop->machine().inject(input, sources, payloads);
}

void Simulation::write(std::string_view population, std::string_view state,
                       std::span<const std::int32_t> values,
                       std::span<const std::uint32_t> neurons) {
    const std::uint32_t index = find_population(image(), population);
    const std::uint32_t word = find_state(image(), index, state);
    const isa::PopulationImage& to = image().populations[index];
    const std::size_t count = neurons.empty() ? to.count : neurons.size();
    if (values.size() != 1 && values.size() != count) {
        bad_value(image(),
                  fmt::format("{} values for {} neurons of population '{}'", values.size(), count,
                              to.name),
                  "give one for each neuron, or one for all");
    }
    for (const std::uint32_t neuron : neurons) {
        if (neuron < to.count) continue;
        bad_value(image(), fmt::format("neuron {} of population '{}', must be in [0, {}]", neuron,
                                       to.name, std::int64_t{to.count} - 1));
    }
    for (std::size_t i = 0; i < count; ++i) {
        const auto neuron = neurons.empty() ? static_cast<std::uint32_t>(i) : neurons[i];
        impl_->loop->machine().write_state(to.first_neuron + neuron, word,
                                           values.size() == 1 ? values[0] : values[i]);
    }
}

void Simulation::reward(std::uint32_t channel, std::int32_t value) {
    if (channel >= isa::kRewards) {
        bad_value(image(), fmt::format("reward channel {}, must be 0 or 1", channel));
    }
    if (value < kLowestReward || value > kHighestReward) {
        bad_value(image(), fmt::format("reward {}, must be in [{}, {}]", value, kLowestReward,
                                       kHighestReward));
    }
    impl_->loop->machine().reward(channel, value);
}

void Simulation::set_learning(std::optional<bool> on) {
    if (on.value_or(false)) impl_->require_learning();
    impl_->loop->machine().set_learning(on);
}

void Simulation::clear_tags(std::optional<std::string_view> projection) {
    impl_->require_learning();
    emu::Machine& machine = impl_->loop->machine();
    if (projection) return machine.clear_tags(find_tagged(image(), *projection));
    for (const std::uint32_t entry : all_tagged(image())) machine.clear_tags(entry);
}

void Simulation::clear_traces(std::optional<std::string_view> projection) {
    impl_->require_learning();
    emu::Machine& machine = impl_->loop->machine();
    if (projection) return machine.clear_traces(find_plastic(image(), *projection));
    for (const std::uint32_t entry : all_plastic(image())) machine.clear_traces(entry);
}

std::vector<std::int32_t> Simulation::state(std::string_view population,
                                            std::string_view word) const {
    const std::uint32_t index = find_population(image(), population);
    std::vector<std::int32_t> values(image().populations[index].count);
    read_state(index, find_state(image(), index, word), values);
    return values;
}

void Simulation::read_state(std::uint32_t population, std::uint32_t word,
                            std::span<std::int32_t> values) const {
    const NeuronId first = image().populations.at(population).first_neuron;
    for (std::uint32_t i = 0; i < values.size(); ++i) {
        values[i] = impl_->loop->machine().state(first + i, word);
    }
}

SynapseTable Simulation::weights(std::string_view projection) const {
    return synapses_of(image(), impl_->loop->machine(), find_projection(image(), projection));
}

const Loaded& Simulation::loaded() const noexcept {
    return *impl_->loaded;
}

RunResult Simulation::result() const {
    RunResult result;
    result.plan = impl_->plan;
    result.plan.steps = 0;
    result.totals = impl_->loop->totals();
    impl_->sum.fill(result);
    return result;
}

emu::EnergyReport Simulation::energy() const {
    const emu::RunTotals totals = impl_->loop->totals();
    return emu::price(totals.counts, totals.time, loaded().chip, totals.powered);
}

const emu::Machine& Simulation::machine() const noexcept {
    return impl_->loop->machine();
}

void Simulation::finish() {
    const emu::RunTotals totals = impl_->loop->totals();
    for (RunObserver* const observer : impl_->observers) observer->finish(totals);
}

}  // namespace seamount::session
