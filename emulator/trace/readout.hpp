#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "isa/image/image.hpp"

namespace seamount::emu {

/// How one sample of a dataset was classified.
struct SampleScore {
    std::uint32_t sample = 0;
    std::optional<std::int32_t> label;
    /// Class of the highest score, the lowest class of a tie; nothing if spikes decide and no class
    /// has a score above 0.
    std::optional<std::uint32_t> predicted;
    /// The class of the next best score, likewise; nothing if no other class has a cell, or there
    /// is no answer.
    std::optional<std::uint32_t> runner_up;
    /// By class; 0 of one without cells, which is never the answer.
    std::vector<std::int64_t> scores;
    std::vector<std::int64_t> cells;  ///< what each neuron of the readout said, unweighted

    [[nodiscard]] bool correct() const noexcept {
        return label && *label >= 0 && predicted == static_cast<std::uint32_t>(*label);
    }
    /// How much higher the best score is than the next best one; 0 if there is none.
    [[nodiscard]] std::int64_t margin() const noexcept;
    /// The margin as a part of both scores, whatever their signs: 0 a tie .. 1.
    [[nodiscard]] double confidence() const noexcept;
};

/// Who speaks for which class, and how their voices combine.
class Ballot {
public:
    Ballot() = default;
    /// `cells`: neurons of the readout.
    Ballot(const isa::ReadoutImage& readout, std::uint32_t cells);

    /// One more than the highest class.
    [[nodiscard]] std::uint32_t classes() const noexcept {
        return static_cast<std::uint32_t>(members_.size());
    }
    /// The neurons of a class, by their place in the readout.
    [[nodiscard]] const std::vector<std::uint32_t>& members(std::uint32_t of) const {
        return members_.at(of);
    }
    [[nodiscard]] std::int64_t weight(std::uint32_t cell) const {
        return weights_.empty() ? 1 : weights_[cell];
    }
    /// What a class with cells scores: the sum of what they say times their weights, its mean in
    /// units of 2^-16, rounded down (no two means become one in classes of up to 256 cells), or the
    /// largest.
    [[nodiscard]] std::int64_t score(std::uint32_t of, const std::vector<std::int64_t>& said) const;
    /// Fills in predicted, runner_up and scores from cells; `positive`: only a score above 0 is an
    /// answer.
    void count(SampleScore& score, bool positive) const;

private:
    isa::Vote combine_ = isa::Vote::kSum;
    std::vector<std::vector<std::uint32_t>> members_;  ///< by class
    std::vector<std::int32_t> weights_;                ///< by cell; empty: 1
};

/// Scores the samples of a dataset run.
///
/// spike_count: the spikes of a neuron within the sample. first_spike: steps from its first spike
/// to the sample's end (earlier is higher), 0 if it was silent. max_state: the state word after the
/// sample's last step. What the neurons of a class say is combined by its Ballot.
class Readout {
public:
    explicit Readout(const isa::Image& image);

    [[nodiscard]] bool enabled() const noexcept { return readout_.by != isa::ReadoutBy::kNone; }
    [[nodiscard]] const Ballot& ballot() const noexcept { return ballot_; }

    /// A spike of any neuron in step `step_in_sample` of the current sample.
    void spike(NeuronId neuron, std::uint32_t step_in_sample, std::uint8_t channel) noexcept {
        if (neuron - first_ >= count_) return;
        if (channel != readout_.channel && !all_channels_) return;
        std::int64_t& said = said_[neuron - first_];
        if (readout_.by == isa::ReadoutBy::kSpikeCount) ++said;
        if (readout_.by == isa::ReadoutBy::kFirstSpike && said == 0) {
            said = std::int64_t{steps_per_sample_} - step_in_sample;
        }
    }

    /// Ends the current sample. `state(neuron, word)` reads the state after its last step.
    [[nodiscard]] SampleScore finish_sample(
        const std::function<std::int32_t(NeuronId, std::uint32_t)>& state);

    /// Number of the current sample, and what each neuron said so far: what a readout holds.
    [[nodiscard]] std::uint32_t sample() const noexcept { return sample_; }
    [[nodiscard]] const std::vector<std::int64_t>& said() const noexcept { return said_; }
    /// Goes on from there; what was said by another number of neurons is left out.
    void resume(std::uint32_t sample, const std::vector<std::int64_t>& said) {
        sample_ = sample;
        if (said.size() == said_.size()) said_ = said;
    }

private:
    isa::ReadoutImage readout_;
    Ballot ballot_;
    bool all_channels_ = true;
    NeuronId first_;
    std::uint32_t count_ = 0;  ///< 0 if there is no readout
    std::uint32_t steps_per_sample_ = 0;
    std::vector<std::int32_t> labels_;
    std::uint32_t sample_ = 0;
    std::vector<std::int64_t> said_;
};

}  // namespace seamount::emu
