#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "isa/base/name_table.hpp"

namespace seamount::isa {

/// Presentation of a dataset: the same schedule for all dataset inputs of a network.
struct DatasetImage {
    std::uint32_t samples = 0;           ///< 0: the network has no dataset
    std::uint32_t steps_per_sample = 0;  ///< including `blank` steps at the end without input
    std::uint32_t blank = 0;
    bool reset = true;  ///< state, accumulators and spikes in flight are cleared between samples
    std::vector<std::int32_t> labels;  ///< one per sample, or empty
    /// Of each population: bit w: a reset leaves state word w as it is. Empty: of none.
    std::vector<std::uint32_t> kept{};

    // Samples that end early: with the first spike in a step with input.
    static constexpr std::uint32_t kNobody = 0xFFFFFFFF;
    std::uint32_t until = kNobody;  ///< index into Image::populations: whose spike; or none does
    /// Those of its neurons whose spikes count, ascending; empty: all.
    std::vector<std::uint32_t> until_members{};
    /// Indices of inputs, ascending, whose rewards are those of samples: their steps are counted
    /// as if no sample ended early.
    std::vector<std::uint32_t> until_rewards{};

    [[nodiscard]] bool ends_early() const noexcept { return until != kNobody; }
    friend bool operator==(const DatasetImage&, const DatasetImage&) = default;
};

/// How the answer to a sample is read; kNone: it is not.
enum class ReadoutBy : std::uint8_t { kNone = 0, kSpikeCount = 1, kFirstSpike = 2, kMaxState = 3 };
inline constexpr auto kReadoutNames = name_table<ReadoutBy, ReadoutBy::kSpikeCount>({
    {ReadoutBy::kSpikeCount, "spike_count"},
    {ReadoutBy::kFirstSpike, "first_spike"},
    {ReadoutBy::kMaxState, "max_state"},
});

/// What the cells of a class say together; kMean: in 2^-16, rounded down.
enum class Vote : std::uint8_t { kSum = 0, kMean = 1, kMax = 2 };
inline constexpr auto kVoteNames =
    name_table<Vote>({{Vote::kSum, "sum"}, {Vote::kMean, "mean"}, {Vote::kMax, "max"}});

/// How samples are answered: what neurons of a population say, and for which class.
struct ReadoutImage {
    ReadoutBy by = ReadoutBy::kNone;
    std::uint32_t population = 0;
    std::uint32_t state = 0;           ///< kMaxState: state word compared at the sample's last step
    double reference_accuracy = -1.0;  ///< 0..1, or -1 if none
    std::string reference;
    static constexpr std::uint8_t kAllChannels = 255;
    std::uint8_t channel = kAllChannels;  ///< spikes that are read
    Vote combine = Vote::kSum;
    /// Of each neuron, kNoClass: it has no say; empty: neuron i is of class i.
    std::vector<std::int32_t> classes;
    static constexpr std::int32_t kNoClass = -1;
    static constexpr std::int32_t kMostClass = 65535;
    std::vector<std::int32_t> weights;  ///< of each neuron: what it says counts so often; empty: 1
    static constexpr std::int32_t kMostWeight = 1024;  ///< either sign
    friend bool operator==(const ReadoutImage&, const ReadoutImage&) = default;
};

}  // namespace seamount::isa
