#include "emulator/machine/sample_clock.hpp"

#include <algorithm>

namespace seamount::emu {

SampleClock::SampleClock(const isa::Image& image, const std::vector<std::uint64_t>* ends)
    : image_{image}, ends_{ends} {
    const isa::DatasetImage& dataset = image.dataset;
    if (!dataset.ends_early() || ends != nullptr) return;
    counts_.resize(image.neuron_count());
    const isa::PopulationImage& population = image.populations[dataset.until];
    for (const std::uint32_t member : dataset.until_members) {
        counts_[population.first_neuron + member] = 1;
    }
    for (std::uint32_t i = 0; i < population.count && dataset.until_members.empty(); ++i) {
        counts_[population.first_neuron + i] = 1;
    }
}

bool SampleClock::has_spike(std::span<const CoreActivity> cores) const {
    for (std::size_t c = 0; c < cores.size(); ++c) {
        const std::vector<NeuronId>& neurons = image_.cores[c].neurons;
        for (const EmittedSpike& spike : cores[c].spikes) {
            if (counts_[neurons[spike.compartment]] != 0) return true;
        }
    }
    return false;
}

std::uint64_t SampleClock::pass(std::uint64_t step, const SamplePosition& at,
                                std::span<const CoreActivity> cores) {
    if (!at.active || at.local >= at.driven || (ends_ == nullptr && counts_.empty())) return 0;
    const bool ends = ends_ != nullptr ? std::binary_search(ends_->begin(), ends_->end(), step)
                                       : has_spike(cores);
    const std::uint64_t left = ends ? at.driven - 1 - at.local : 0;
    skipped_ += left;
    return left;
}

}  // namespace seamount::emu
