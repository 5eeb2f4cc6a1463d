#include "tools/run/spike_profile.hpp"

namespace seamount::tools {

SpikeProfile::SpikeProfile(const std::filesystem::path& path, const isa::Image& image)
    : file_{path}, image_{image}, spikes_(image.neuron_count()) {}

void SpikeProfile::add(const emu::StepActivity& activity) {
    for (std::size_t i = 0; i < activity.cores.size(); ++i) {
        for (const emu::EmittedSpike& spike : activity.cores[i].spikes) {
            ++spikes_[image_.cores[i].neurons[spike.compartment]];
        }
    }
}

void SpikeProfile::commit() {
    file_.print("neuron,spikes\n");
    for (const NeuronId neuron : spikes_.ids()) {
        file_.print("{},{}\n", neuron, spikes_[neuron]);
    }
    file_.commit();
}

}  // namespace seamount::tools
