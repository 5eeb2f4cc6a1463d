#include "tools/run/run_recorder.hpp"

namespace seamount::tools {

RunRecorder::RunRecorder(const isa::Image& image, RunFiles* files)
    : image_{image}, files_{files}, probes_{image}, readout_{image}, cores_(image.cores.size()) {}

void RunRecorder::on_step(const emu::StepReport& report) {
    const emu::StepActivity& activity = report.activity;
    const emu::Machine& machine = report.machine;
    const emu::StateReader read{
        [&machine](NeuronId n, std::uint32_t i) { return machine.state(n, i); },
        [&machine](NeuronId n, std::uint32_t i) { return machine.parameter(n, i); }};
    if (activity.sample_start) sample_ = session::Tally{};
    hash_.begin_step(activity.step);
    visit_cores(activity);
    const session::Tally step = session::tally_of(report);
    run_ += step;
    sample_ += step;
    explainer_.on_step(report);
    if (files_ != nullptr) {
        files_->spikes(activity.step, spikes_);
        spikes_.clear();
        files_->potentials(activity.step, probes_.record(activity.step, read));
        files_->step(activity.step, step, report.path);
        files_->weights(activity.step, machine);
    }
    if (activity.sample_end) end_sample(read);
}

void RunRecorder::visit_cores(const emu::StepActivity& activity) {
    for (std::size_t i = 0; i < activity.cores.size(); ++i) {
        const emu::CoreActivity& core = activity.cores[i];
        CoreTotals& total = cores_[i];
        total.updates += core.updates;
        total.active_updates += core.active_updates;
        total.instructions += core.instructions;
        total.spikes += core.spikes.size();
        total.packets_in += core.packets_in;
        total.synaptic_events += core.synaptic_events;
        total.dropped_pushes += core.dropped_pushes;
        total.overflows += core.overflows;
        visit_spikes(core, image_.cores[i]);
    }
}

void RunRecorder::visit_spikes(const emu::CoreActivity& activity, const isa::CoreImage& core) {
    const auto step_in_sample = static_cast<std::uint32_t>(sample_.steps);
    for (const emu::EmittedSpike& spike : activity.spikes) {
        const NeuronId neuron = core.neurons[spike.compartment];
        hash_.add(neuron, spike.payload);
        readout_.spike(neuron, step_in_sample);
        if (files_ != nullptr) spikes_.push_back({neuron, spike.payload});
    }
}

void RunRecorder::end_sample(const emu::StateReader& read) {
    const emu::SampleScore score = readout_.finish_sample(read.state);
    if (files_ != nullptr) files_->sample(score, readout_.enabled(), sample_);
    samples_ += sample_;
    ++sample_count_;
    if (score.correct()) ++correct_;
}

void RunRecorder::finish(const emu::RunTotals& totals) {
    if (files_ == nullptr) return;
    files_->cores(cores_);
    files_->stages(totals);
    files_->links(totals);
}

}  // namespace seamount::tools
