#include "emulator/trace/readout.hpp"

#include <algorithm>

namespace seamount::emu {

Readout::Readout(const isa::Image& image)
    : readout_{image.readout},
      steps_per_sample_{image.dataset.steps_per_sample},
      labels_{image.dataset.labels} {
    if (!enabled()) return;
    const isa::PopulationImage& population = image.populations.at(readout_.population);
    first_ = population.first_neuron;
    count_ = population.count;
    scores_.resize(count_);
}

SampleScore Readout::finish_sample(
    const std::function<std::int32_t(NeuronId, std::uint32_t)>& state) {
    SampleScore result;
    result.sample = sample_;
    if (sample_ < labels_.size()) result.label = labels_[sample_];
    if (readout_.by == isa::ReadoutBy::kMaxState) {
        for (std::uint32_t i = 0; i < count_; ++i) scores_[i] = state(first_ + i, readout_.state);
    }
    result.scores = scores_;
    // max_element returns the first of equal elements
    const auto highest = std::max_element(scores_.begin(), scores_.end());
    const bool answered =
        highest != scores_.end() && (readout_.by == isa::ReadoutBy::kMaxState || *highest > 0);
    if (answered) result.predicted = static_cast<std::uint32_t>(highest - scores_.begin());
    std::fill(scores_.begin(), scores_.end(), 0);
    ++sample_;
    return result;
}

}  // namespace seamount::emu
