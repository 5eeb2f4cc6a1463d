#include "tools/session/run_sum.hpp"

#include <algorithm>

#include "isa/microcode/program.hpp"

namespace seamount::session {

emu::StateReader state_reader(const emu::Machine& machine) {
    return {[&machine](NeuronId n, std::uint32_t i) { return machine.state(n, i); },
            [&machine](NeuronId n, std::uint32_t i) { return machine.parameter(n, i); }};
}

namespace {

std::optional<NeuronId> first_of_row(const std::vector<NeuronId>& neurons) {
    const auto breaks = [](NeuronId a, NeuronId b) { return b != a + 1; };
    if (neurons.empty() || std::ranges::adjacent_find(neurons, breaks) != neurons.end()) {
        return std::nullopt;
    }
    return neurons.front();
}

}  // namespace

RunSum::RunSum(const isa::Image& image)
    : image_{image}, readout_{image}, has_spiked_(image.neuron_count()) {
    for (const isa::CoreImage& core : image.cores) in_a_row_.push_back(first_of_row(core.neurons));
}

void RunSum::step(const emu::StepReport& report, std::span<RunObserver* const> observers) {
    const emu::StepActivity& activity = report.activity;
    if (activity.sample_start) sample_ = Tally{};
    hash_.begin_step(activity.step);
    for (std::size_t i = 0; i < activity.cores.size(); ++i) {
        visit_spikes(activity.cores[i], i);
    }
    const Tally step = tally_of(report);
    run_ += step;
    sample_ += step;
    for (std::size_t i = 0; i < emu::kCauses; ++i) parts_[i] += report.path.parts[i];
    for (RunObserver* const observer : observers) observer->on_step(report, step);
    if (activity.sample_end) end_sample(state_reader(report.machine), observers);
}

void RunSum::visit_spikes(const emu::CoreActivity& activity, std::size_t core) {
    const auto step_in_sample = static_cast<std::uint32_t>(sample_.steps);
    const std::optional<NeuronId> first = in_a_row_[core];
    const std::vector<NeuronId>& neurons = image_.cores[core].neurons;
    for (const emu::EmittedSpike& spike : activity.spikes) {
        const NeuronId neuron = first ? *first + spike.compartment : neurons[spike.compartment];
        hash_.add(neuron, spike.payload);
        has_spiked_[neuron.index()] = true;
        readout_.spike(neuron, step_in_sample, spike.channel);
    }
}

void RunSum::note(const emu::SampleScore& score) {
    if (score.correct()) ++correct_;
    if (!score.predicted) ++unanswered_;
    if (score.runner_up) {
        ++clearness_.samples;
        clearness_.margin += static_cast<double>(score.margin());
        clearness_.confidence += score.confidence();
    }
    if (!readout_.enabled() || !score.label) return;
    const std::int32_t answer =
        score.predicted ? static_cast<std::int32_t>(*score.predicted) : AnswerCount::kNone;
    ++answers_[{*score.label, answer}];
}

std::vector<AnswerCount> RunSum::answers() const {
    std::vector<AnswerCount> counts;
    for (const auto& [pair, samples] : answers_) {
        counts.push_back({pair.first, pair.second, samples});
    }
    return counts;
}

void RunSum::end_sample(const emu::StateReader& read, std::span<RunObserver* const> observers) {
    const emu::SampleScore score = readout_.finish_sample(read.state);
    for (RunObserver* const observer : observers) {
        observer->on_sample(score, readout_.enabled(), sample_);
    }
    samples_ += sample_;
    ++sample_count_;
    note(score);
}

RunProgress RunSum::progress() const {
    RunProgress progress;
    progress.spike_hash = hash_.value();
    progress.time_parts = parts_;
    progress.run = run_;
    progress.sample = sample_;
    progress.samples = samples_;
    progress.sample_count = sample_count_;
    progress.correct = correct_;
    progress.unanswered = unanswered_;
    progress.answers = answers();
    progress.clearness = clearness_;
    progress.has_spiked.assign(has_spiked_.begin(), has_spiked_.end());
    progress.readout_sample = readout_.sample();
    progress.said = readout_.said();
    return progress;
}

void RunSum::resume(const RunProgress& progress) {
    hash_ = emu::SpikeHash{progress.spike_hash};
    parts_ = progress.time_parts;
    run_ = progress.run;
    sample_ = progress.sample;
    samples_ = progress.samples;
    sample_count_ = progress.sample_count;
    correct_ = progress.correct;
    unanswered_ = progress.unanswered;
    answers_.clear();
    for (const AnswerCount& count : progress.answers) {
        answers_[{count.label, count.answer}] = count.samples;
    }
    clearness_ = progress.clearness;
    const std::size_t known = std::min(progress.has_spiked.size(), has_spiked_.size());
    std::copy_n(progress.has_spiked.begin(), known, has_spiked_.begin());
    readout_.resume(progress.readout_sample, progress.said);
}

void RunSum::fill(RunResult& result) const {
    result.run = run_;
    result.samples = samples_;
    result.sample_count = sample_count_;
    result.correct = correct_;
    result.unanswered = unanswered_;
    result.answers = answers();
    result.clearness = clearness_;
    result.has_accuracy =
        readout_.enabled() && !image_.dataset.labels.empty() && sample_count_ != 0;
    result.spike_hash = hash_.value();
    result.time_parts = parts_;
    for (std::uint32_t p = 0; p < image_.populations.size(); ++p) {
        const isa::PopulationImage& population = image_.populations[p];
        bool any = false;
        for (std::uint32_t i = 0; i < population.count && !any; ++i) {
            any = has_spiked_[(population.first_neuron + i).index()];
        }
        if (!any) result.silent_populations.push_back(p);
    }
}

bool can_spike(const isa::Image& image, std::uint32_t population) {
    for (const isa::CoreImage& core : image.cores) {
        for (const isa::NeuronGroup& group : core.groups) {
            if (group.population != population) continue;
            return !isa::spike_channels(image.programs[group.program].words).empty();
        }
    }
    return false;
}

emu::RunParams run_params(const RunPlan& plan, std::span<RunObserver* const> observers,
                          RunSum& sum) {
    emu::RunParams params;
    params.steps = plan.steps;
    params.dataset_end = plan.dataset_end;
    params.mesh = plan.mesh;
    params.untimed = plan.untimed;
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
