#include "tools/explain/ablation.hpp"

#include <algorithm>
#include <set>

namespace seamount::explain {
namespace {

isa::Image without_inputs(isa::Image image) {
    for (isa::InputImage& input : image.inputs) {
        if (input.kind == isa::InputKind::kWrite || input.kind == isa::InputKind::kReward) continue;
        input.kind = isa::InputKind::kSpikes;
        input.spike_steps.clear();
        input.spike_sources.clear();
        input.spike_payloads.clear();
        input.rates.clear();
        input.samples.clear();
    }
    return image;
}

}  // namespace

Ablation::Ablation(const isa::Image& image, const Setting& setting)
    : silent_{without_inputs(image)},
      machine_{silent_,
               {.seed = setting.seed,
                .learning = setting.learning,
                .sample_ends = silent_.dataset.ends_early() ? &sample_ends_ : nullptr}} {}

Outcome Ablation::play(const Recording& recording, const std::vector<SpikeKey>& inputs,
                       const std::vector<emu::PendingSum>& cancelled, std::uint64_t when,
                       std::optional<NeuronId> neuron) {
    struct Given {
        std::uint64_t step;
        Origin origin;
        std::int32_t payload;
    };
    const std::set<SpikeKey> removed{inputs.begin(), inputs.end()};
    std::vector<Given> given;
    for (const auto& [origin, spikes] : recording.spikes()) {
        if (!origin.is_input()) continue;
        for (const Emission& spike : spikes) {
            if (removed.contains({origin, spike.step, spike.ordinal})) continue;
            given.push_back({spike.step, origin, spike.payload});
        }
    }
    std::ranges::stable_sort(given, {}, &Given::step);
    sample_ends_ = recording.sample_ends();
    machine_.load(recording.start());
    emu::Readout readout{silent_};
    Outcome outcome;
    std::uint32_t local = 0;  // steps of the sample before this one
    bool is_whole = false;
    auto next = given.begin();
    while (machine_.steps_done() < recording.end()) {
        const std::uint64_t step = machine_.steps_done();
        for (; next != given.end() && next->step == step; ++next) {
            machine_.inject(next->origin.input, {&next->origin.index, 1}, {&next->payload, 1});
        }
        const emu::StepActivity& activity = machine_.step();
        if (activity.sample_start) local = 0;
        is_whole = activity.sample_end;
        for (std::uint32_t c = 0; c < activity.cores.size(); ++c) {
            for (const emu::EmittedSpike& spike : activity.cores[c].spikes) {
                const NeuronId id = machine_.neuron(CoreSlot{c}, spike.compartment);
                readout.spike(id, local, spike.channel);
                if (id == neuron) outcome.spikes.push_back(step);
            }
        }
        ++local;
        if (!cancelled.empty() && step == when) {
            emu::MachineState state = machine_.save();
            state.sums.insert(state.sums.end(), cancelled.begin(), cancelled.end());
            machine_.load(state);
        }
    }
    if (readout.enabled() && is_whole) {
        outcome.answer = readout.finish_sample(
            [this](NeuronId id, std::uint32_t word) { return machine_.state(id, word); });
    }
    return outcome;
}

std::vector<emu::PendingSum> undoing(Replays& replays, const SpikeKey& spike) {
    std::vector<emu::PendingSum> sums;
    for (std::uint32_t n = 0; n < replays.recording().image().neuron_count(); ++n) {
        const std::vector<Event>& events = replays.of(NeuronId{n}).events();
        for (const Event& event : events) {
            if (event.is_push || event.origin != spike.origin || event.step != spike.step ||
                event.ordinal != spike.ordinal) {
                continue;
            }
            std::int64_t value = event.units;
            if (event.on_sum && event.exponent >= 0) value *= std::int64_t{1} << event.exponent;
            if (event.on_sum && event.exponent < 0) {
                std::int64_t all = 0;
                for (const Event& other : events) {
                    const bool together = other.on_sum && !other.is_push &&
                                          !other.origin.is_input() && other.step == event.step &&
                                          other.delay == event.delay && other.sum == event.sum &&
                                          other.accumulator == event.accumulator;
                    if (together) all += other.units;
                }
                value = (all >> -event.exponent) - ((all - event.units) >> -event.exponent);
            }
            if (value == 0) continue;
            sums.push_back({n, event.accumulator,
                            static_cast<std::uint16_t>(event.arrival - spike.step - 1), -value});
        }
    }
    return sums;
}

std::vector<SpikeKey> input_spikes(const Recording& recording) {
    std::vector<SpikeKey> all;
    for (const auto& [origin, spikes] : recording.spikes()) {
        if (!origin.is_input()) continue;
        for (const Emission& spike : spikes) all.push_back({origin, spike.step, spike.ordinal});
    }
    return all;
}

}  // namespace seamount::explain
