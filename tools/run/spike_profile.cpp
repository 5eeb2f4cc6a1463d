#include "tools/run/spike_profile.hpp"

namespace seamount::tools {

SpikeProfile::SpikeProfile(const std::filesystem::path& path, const isa::Image& image)
    : NamedRecord{path}, image_{image}, spikes_(image.neuron_count()) {}

void SpikeProfile::on_step(const emu::StepReport& report, const session::Tally& /*tally*/) {
    const emu::StepActivity& activity = report.activity;
    for (std::size_t i = 0; i < activity.cores.size(); ++i) {
        for (const emu::EmittedSpike& spike : activity.cores[i].spikes) {
            ++spikes_[image_.cores[i].neurons[spike.compartment]];
        }
    }
}

void SpikeProfile::finish(const emu::RunTotals& /*totals*/) {
    file.print("neuron,spikes\n");
    for (const NeuronId neuron : spikes_.ids()) {
        file.print("{},{}\n", neuron, spikes_[neuron]);
    }
}

}  // namespace seamount::tools
