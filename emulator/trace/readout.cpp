#include "emulator/trace/readout.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace seamount::emu {
namespace {

constexpr std::int64_t kMeanUnit = std::int64_t{1} << 16U;

/// total / count in units of 2^-16, rounded down, without an overflow on the way.
std::int64_t mean_of(std::int64_t total, std::int64_t count) {
    std::int64_t whole = total / count;
    std::int64_t rest = total % count;
    if (rest < 0) {
        rest += count;
        --whole;
    }
    return whole * kMeanUnit + rest * kMeanUnit / count;
}

}  // namespace

std::int64_t SampleScore::margin() const noexcept {
    return runner_up ? scores[*predicted] - scores[*runner_up] : 0;
}

double SampleScore::confidence() const noexcept {
    if (!runner_up) return 0.0;
    const double both = std::abs(static_cast<double>(scores[*predicted])) +
                        std::abs(static_cast<double>(scores[*runner_up]));
    return both > 0.0 ? static_cast<double>(margin()) / both : 0.0;
}

Ballot::Ballot(const isa::ReadoutImage& readout, std::uint32_t cells)
    : combine_{readout.combine}, weights_{readout.weights} {
    if (readout.classes.empty()) {
        members_.resize(cells);
        for (std::uint32_t i = 0; i < cells; ++i) members_[i] = {i};
        return;
    }
    for (std::uint32_t i = 0; i < cells; ++i) {
        if (readout.classes[i] == isa::ReadoutImage::kNoClass) continue;
        const auto of = static_cast<std::uint32_t>(readout.classes[i]);
        if (of >= members_.size()) members_.resize(std::size_t{of} + 1);
        members_[of].push_back(i);
    }
}

std::int64_t Ballot::score(std::uint32_t of, const std::vector<std::int64_t>& said) const {
    std::int64_t sum = 0;
    std::optional<std::int64_t> largest;
    for (const std::uint32_t cell : members_[of]) {
        const std::int64_t voice = weight(cell) * said[cell];
        sum += voice;
        largest = largest ? std::max(*largest, voice) : voice;
    }
    if (combine_ == isa::Vote::kMax) return largest.value_or(0);
    if (combine_ == isa::Vote::kSum) return sum;
    return mean_of(sum, static_cast<std::int64_t>(members_[of].size()));
}

void Ballot::count(SampleScore& score, bool positive) const {
    score.scores.assign(classes(), 0);
    for (std::uint32_t c = 0; c < classes(); ++c) {
        if (members_[c].empty()) continue;
        const std::int64_t votes = score.scores[c] = this->score(c, score.cells);
        // Above, not equal: the lowest class of a tie.
        if (!score.predicted || votes > score.scores[*score.predicted]) {
            score.runner_up = std::exchange(score.predicted, c);
        } else if (!score.runner_up || votes > score.scores[*score.runner_up]) {
            score.runner_up = c;
        }
    }
    if (positive && score.predicted && score.scores[*score.predicted] <= 0) {
        score.predicted.reset();
        score.runner_up.reset();
    }
}

Readout::Readout(const isa::Image& image)
    : readout_{image.readout},
      all_channels_{readout_.channel == isa::ReadoutImage::kAllChannels},
      steps_per_sample_{image.dataset.steps_per_sample},
      labels_{image.dataset.labels} {
    if (!enabled()) return;
    const isa::PopulationImage& population = image.populations.at(readout_.population);
    first_ = population.first_neuron;
    count_ = population.count;
    ballot_ = Ballot{readout_, count_};
    said_.resize(count_);
}

SampleScore Readout::finish_sample(
    const std::function<std::int32_t(NeuronId, std::uint32_t)>& state) {
    SampleScore result;
    result.sample = sample_;
    if (sample_ < labels_.size()) result.label = labels_[sample_];
    const bool by_state = readout_.by == isa::ReadoutBy::kMaxState;
    if (by_state) {
        for (std::uint32_t i = 0; i < count_; ++i) said_[i] = state(first_ + i, readout_.state);
    }
    result.cells = said_;
    ballot_.count(result, !by_state);
    std::fill(said_.begin(), said_.end(), 0);
    ++sample_;
    return result;
}

}  // namespace seamount::emu
