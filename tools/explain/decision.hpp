#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "tools/explain/ablation.hpp"
#include "tools/explain/causes.hpp"

namespace seamount::explain {

/// The answer to a sample, as a question: why this class rather than the next best one?
struct Decision {
    std::uint32_t sample = 0;
    std::optional<std::int32_t> label;
    std::uint32_t winner = 0;
    std::uint32_t runner_up = 0;
    std::vector<std::int64_t> scores;
    std::vector<Root> roots;

    [[nodiscard]] bool correct() const noexcept {
        return label && *label == static_cast<std::int32_t>(winner);
    }
    [[nodiscard]] std::int64_t margin(const std::vector<std::int64_t>& of) const {
        return of[winner] - of[runner_up];
    }
    /// By how much the winner is above the best of all others.
    [[nodiscard]] std::int64_t lead(const std::vector<std::int64_t>& of) const;
};

/// First step of a sample, of those of the dataset.
[[nodiscard]] std::uint64_t begin_of(const isa::DatasetImage& dataset, std::uint32_t sample);

/// The decision at the end of a recording that is one sample; nothing if there was no answer.
[[nodiscard]] std::optional<Decision> decision_of(const Recording& recording, Ablation& again);

/// Whether removing what an explanation names changes the outcome more often than chance, and
/// whether scores go with what each removal does.
struct Proof {
    std::uint64_t input_spikes = 0;
    std::uint64_t removed = 0;  ///< of these, each time
    bool top_changes = false;   ///< without those of the highest scores
    std::uint32_t draws = 0;    ///< of as many random ones
    std::uint32_t changed = 0;  ///< of these draws
    /// Spearman's rank correlation of scores with the change of the margin by single removals.
    std::optional<double> input_correlation;
    std::optional<double> tree_correlation;  ///< of input spikes by InputPart::tree alone
    std::optional<double> hidden_correlation;
};

struct ProofSetting {
    double fraction = 0.1;     ///< of the input spikes that are removed, at least one
    std::uint32_t draws = 20;  ///< at random
    std::uint64_t seed = 1;    ///< of the draws
    bool singles = true;       ///< remove every spike by itself, too
};

/// Runs the whole network without each input spike or, if they are many and the network is small
/// enough, without random tenths of their sources (sampled_losses()); makes the scores of input
/// spikes the mean of what the tree says and what this did, both on the tree's scale.
void measure_inputs(const Decision& decision, const Recording& recording, Ablation& again,
                    const Limits& limits, Explanation& explanation);
/// Of a spike: it is there or not.
void measure_inputs(const Question& spike, const Recording& recording, Ablation& again,
                    const Limits& limits, Explanation& explanation);

[[nodiscard]] Proof prove(const Decision& decision, const Explanation& explanation,
                          Replays& replays, Ablation& again, const ProofSetting& setting);
/// Of a spike: it is gone from its step.
[[nodiscard]] Proof prove(const Question& spike, const Explanation& explanation, Replays& replays,
                          Ablation& again, const ProofSetting& setting);

/// How often removal changed the outcome over several decisions.
struct Ratio {
    double top = 0.0;     ///< part of the decisions
    double random = 0.0;  ///< mean over the draws
    double ratio = 0.0;   ///< 0 if no random removal changed anything
    double low = 0.0;     ///< of the 95 % interval of the ratio
    double high = 0.0;    ///< by 2000 bootstrap samples of the decisions
};
[[nodiscard]] Ratio ratio_of(const std::vector<Proof>& proofs);

/// Ranks of ties are averaged; nothing if one of them does not vary or there are fewer than 3.
[[nodiscard]] std::optional<double> spearman(const std::vector<double>& a,
                                             const std::vector<double>& b);

}  // namespace seamount::explain
