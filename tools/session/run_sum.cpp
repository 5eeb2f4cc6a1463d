#include "tools/session/run_sum.hpp"

#include <algorithm>

namespace seamount::session {

emu::StateReader state_reader(const emu::Machine& machine) {
    return {[&machine](NeuronId n, std::uint32_t i) { return machine.state(n, i); },
            [&machine](NeuronId n, std::uint32_t i) { return machine.parameter(n, i); }};
}

RunSum::RunSum(const isa::Image& image) : image_{image}, readout_{image} {}

void RunSum::step(const emu::StepReport& report, std::span<RunObserver* const> observers) {
    const emu::StepActivity& activity = report.activity;
    if (activity.sample_start) sample_ = Tally{};
    hash_.begin_step(activity.step);
    for (std::size_t i = 0; i < activity.cores.size(); ++i) {
        visit_spikes(activity.cores[i], image_.cores[i]);
    }
    const Tally step = tally_of(report);
    run_ += step;
    sample_ += step;
    for (std::size_t i = 0; i < emu::kCauses; ++i) parts_[i] += report.path.parts[i];
    for (RunObserver* const observer : observers) observer->on_step(report, step);
    if (activity.sample_end) end_sample(state_reader(report.machine), observers);
}

void RunSum::visit_spikes(const emu::CoreActivity& activity, const isa::CoreImage& core) {
    const auto step_in_sample = static_cast<std::uint32_t>(sample_.steps);
    for (const emu::EmittedSpike& spike : activity.spikes) {
        const NeuronId neuron = core.neurons[spike.compartment];
        hash_.add(neuron, spike.payload);
        readout_.spike(neuron, step_in_sample);
    }
}

void RunSum::end_sample(const emu::StateReader& read, std::span<RunObserver* const> observers) {
    const emu::SampleScore score = readout_.finish_sample(read.state);
    for (RunObserver* const observer : observers) {
        observer->on_sample(score, readout_.enabled(), sample_);
    }
    samples_ += sample_;
    ++sample_count_;
    if (score.correct()) ++correct_;
}

RunProgress RunSum::progress() const {
    return {hash_.value(),     parts_,           run_, sample_, samples_, sample_count_, correct_,
            readout_.sample(), readout_.scores()};
}

void RunSum::resume(const RunProgress& progress) {
    hash_ = emu::SpikeHash{progress.spike_hash};
    parts_ = progress.time_parts;
    run_ = progress.run;
    sample_ = progress.sample;
    samples_ = progress.samples;
    sample_count_ = progress.sample_count;
    correct_ = progress.correct;
    readout_.resume(progress.readout_sample, progress.scores);
}

void RunSum::fill(RunResult& result) const {
    result.run = run_;
    result.samples = samples_;
    result.sample_count = sample_count_;
    result.correct = correct_;
    result.has_accuracy =
        readout_.enabled() && !image_.dataset.labels.empty() && sample_count_ != 0;
    result.spike_hash = hash_.value();
    result.time_parts = parts_;
}

emu::RunParams run_params(const RunPlan& plan, std::span<RunObserver* const> observers,
                          RunSum& sum) {
    emu::RunParams params;
    params.steps = plan.steps;
    params.mesh = plan.mesh;
    params.machine.threads = plan.threads;
    params.machine.seed = plan.seed;
    params.machine.learning = plan.learning;
    params.observe_queues =
        std::ranges::any_of(observers, [](const RunObserver* o) { return o->watches_queues(); });
    params.on_step = [&sum, observers](const emu::StepReport& report) {
        sum.step(report, observers);
    };
    if (std::ranges::any_of(observers, [](const RunObserver* o) { return o->watches_packets(); })) {
        params.on_packets = [observers](Picoseconds started,
                                        std::span<const emu::MeshPacket> packets) {
            for (RunObserver* const observer : observers) observer->on_packets(started, packets);
        };
    }
    return params;
}

}  // namespace seamount::session
