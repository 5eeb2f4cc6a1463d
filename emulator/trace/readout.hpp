#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "isa/image/image.hpp"

namespace seamount::emu {

/// How one sample of a dataset was classified: neuron i of the readout population stands for class
/// i.
struct SampleScore {
    std::uint32_t sample = 0;
    std::optional<std::int32_t> label;
    /// Class of the highest score, the lowest class of a tie; nothing if spikes decide and no
    /// neuron of the readout spiked.
    std::optional<std::uint32_t> predicted;
    std::vector<std::int64_t> scores;

    [[nodiscard]] bool correct() const noexcept {
        return label && *label >= 0 && predicted == static_cast<std::uint32_t>(*label);
    }
};

/// Scores the samples of a dataset run.
///
/// spike_count: the spikes of the neuron within the sample. first_spike: steps from its first
/// spike to the sample's end (earlier is higher), 0 if it was silent. max_state: the state word
/// after the sample's last step.
class Readout {
public:
    explicit Readout(const isa::Image& image);

    [[nodiscard]] bool enabled() const noexcept { return readout_.by != isa::ReadoutBy::kNone; }
    [[nodiscard]] std::uint32_t classes() const noexcept { return count_; }

    /// A spike of any neuron in step `step_in_sample` of the current sample.
    void spike(NeuronId neuron, std::uint32_t step_in_sample) noexcept {
        if (neuron - first_ >= count_) return;
        std::int64_t& score = scores_[neuron - first_];
        if (readout_.by == isa::ReadoutBy::kSpikeCount) ++score;
        if (readout_.by == isa::ReadoutBy::kFirstSpike && score == 0) {
            score = std::int64_t{steps_per_sample_} - step_in_sample;
        }
    }

    /// Ends the current sample. `state(neuron, word)` reads the state after its last step.
    [[nodiscard]] SampleScore finish_sample(
        const std::function<std::int32_t(NeuronId, std::uint32_t)>& state);

    /// Number of the current sample, and its scores so far: what a readout holds.
    [[nodiscard]] std::uint32_t sample() const noexcept { return sample_; }
    [[nodiscard]] const std::vector<std::int64_t>& scores() const noexcept { return scores_; }
    /// Goes on from there; scores of another number of classes are left out.
    void resume(std::uint32_t sample, const std::vector<std::int64_t>& scores) {
        sample_ = sample;
        if (scores.size() == scores_.size()) scores_ = scores;
    }

private:
    isa::ReadoutImage readout_;
    NeuronId first_;
    std::uint32_t count_ = 0;  ///< 0 if there is no readout
    std::uint32_t steps_per_sample_ = 0;
    std::vector<std::int32_t> labels_;
    std::uint32_t sample_ = 0;
    std::vector<std::int64_t> scores_;
};

}  // namespace seamount::emu
