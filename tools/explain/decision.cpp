#include "tools/explain/decision.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <numeric>
#include <random>
#include <utility>

#include "tools/explain/sampling.hpp"

namespace seamount::explain {
namespace {

std::vector<double> ranks(const std::vector<double>& values) {
    std::vector<std::size_t> order(values.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, {}, [&values](std::size_t i) { return values[i]; });
    std::vector<double> result(values.size());
    for (std::size_t first = 0; first < order.size();) {
        std::size_t last = first;
        while (last < order.size() && values[order[last]] == values[order[first]]) ++last;
        for (std::size_t i = first; i < last; ++i) {
            result[order[i]] = static_cast<double>(first + last - 1) / 2.0;
        }
        first = last;
    }
    return result;
}

/// All spikes of a neuron on the channel that is read, or the first of them, as roots.
void add_spikes(const Recording& recording, NeuronId neuron, double weight,
                std::vector<Root>& roots) {
    const isa::ReadoutImage& readout = recording.image().readout;
    for (const Emission& spike : recording.spikes_of({Origin::kNeuron, neuron.value()})) {
        const bool is_read =
            readout.channel == isa::ReadoutImage::kAllChannels || readout.channel == spike.channel;
        if (!is_read) continue;
        roots.push_back(
            {{Question::Kind::kSpike, neuron, spike.step, spike.ordinal, false}, weight});
        if (readout.by == isa::ReadoutBy::kFirstSpike) return;
    }
}

/// How much what each of its neurons says counts in the score of a class: by place in the readout,
/// those that count.
std::vector<std::pair<std::uint32_t, double>> parts_of(const emu::Ballot& ballot, isa::Vote combine,
                                                       std::uint32_t of,
                                                       const std::vector<std::int64_t>& said) {
    std::vector<std::uint32_t> cells = ballot.members(of);
    if (combine == isa::Vote::kMax) {
        cells = {*std::ranges::max_element(
            cells, {}, [&](std::uint32_t cell) { return ballot.weight(cell) * said[cell]; })};
    }
    const double share =
        combine == isa::Vote::kMean ? 1.0 / static_cast<double>(cells.size()) : 1.0;
    std::vector<std::pair<std::uint32_t, double>> parts;
    for (const std::uint32_t cell : cells) {
        const double weight = share * static_cast<double>(ballot.weight(cell));
        if (weight != 0.0) parts.emplace_back(cell, weight);
    }
    return parts;
}

/// What a class says, with `sign`, as roots.
void add_roots(const Recording& recording, const std::vector<std::pair<std::uint32_t, double>>& of,
               double sign, std::vector<Root>& roots) {
    const isa::Image& image = recording.image();
    const NeuronId first = image.populations[image.readout.population].first_neuron;
    for (const auto& [cell, weight] : of) {
        if (image.readout.by == isa::ReadoutBy::kMaxState) {
            roots.push_back({{Question::Kind::kWord, first + cell, recording.end() - 1,
                              image.readout.state, false},
                             sign * weight});
        } else {
            add_spikes(recording, first + cell, sign * weight, roots);
        }
    }
}

std::size_t share_of(double fraction, std::size_t all) {
    const auto part = static_cast<std::size_t>(std::ceil(fraction * static_cast<double>(all)));
    return std::clamp<std::size_t>(part, 1, std::max<std::size_t>(all, 1));
}

SpikeKey key_of(const InputPart& part) {
    return {part.origin, part.spike.step, part.spike.ordinal};
}

/// Makes the scores of input spikes the mean of what the tree says and of `measured`, which has all
/// of them, both on the tree's scale.
void take_measured(const Recording& recording, const std::map<SpikeKey, double>& measured,
                   Explanation& explanation) {
    std::map<SpikeKey, InputPart> parts;
    for (const InputPart& part : explanation.inputs) parts[key_of(part)] = part;
    double by_tree = 0.0;
    double by_loss = 0.0;
    for (const auto& [spike, loss] : measured) {
        InputPart& part = parts[spike];
        const auto spikes = recording.spikes_of(spike.origin);
        part.origin = spike.origin;
        part.spike = *std::ranges::find_if(spikes, [&key = spike](const Emission& emission) {
            return emission.step == key.step && emission.ordinal == key.ordinal;
        });
        part.measured = loss;
        by_tree += std::abs(part.tree);
        by_loss += std::abs(loss);
    }
    const double scale = by_tree > 0.0 && by_loss > 0.0 ? by_tree / by_loss : 1.0;
    explanation.inputs.clear();
    for (auto& [key, part] : parts) {
        part.score = (part.tree + *part.measured * scale) / 2;
        explanation.inputs.push_back(part);
    }
    std::ranges::stable_sort(explanation.inputs, std::greater{}, &InputPart::score);
}

/// What is lost without each of the spikes alone.
std::map<SpikeKey, double> single_losses(const std::vector<SpikeKey>& spikes,
                                         const LossWithout& loss) {
    std::map<SpikeKey, double> losses;
    for (const SpikeKey& spike : spikes) losses[spike] = loss({spike});
    return losses;
}

/// The spikes of the highest scores; those that no path leads to have none.
std::vector<SpikeKey> top_of(const Explanation& explanation, std::size_t count) {
    std::vector<SpikeKey> top;
    for (const InputPart& part : explanation.inputs) {
        if (top.size() == count) break;
        top.push_back(key_of(part));
    }
    return top;
}

/// Removes the top, then random ones; `changes` says whether that changed the outcome.
template <class Changes>
Proof remove_many(const Recording& recording, const Explanation& explanation,
                  const ProofSetting& setting, Changes&& changes) {
    Proof proof;
    std::vector<SpikeKey> all = input_spikes(recording);
    proof.input_spikes = all.size();
    if (all.empty()) return proof;
    proof.removed = share_of(setting.fraction, all.size());
    proof.top_changes = changes(top_of(explanation, proof.removed));
    std::mt19937_64 random{setting.seed * 0x9E3779B97F4A7C15U + recording.first()};
    for (std::uint32_t d = 0; d < setting.draws; ++d) {
        // The first places of a shuffle, by hand: std::shuffle differs between libraries.
        for (std::size_t i = 0; i < proof.removed; ++i) {
            std::swap(all[i], all[i + random() % (all.size() - i)]);
        }
        const auto last = all.begin() + static_cast<std::ptrdiff_t>(proof.removed);
        if (changes(std::vector<SpikeKey>{all.begin(), last})) ++proof.changed;
        ++proof.draws;
    }
    return proof;
}

/// Networks with more neurons than this are not searched for what one spike did everywhere.
constexpr std::uint32_t kMostNeurons = 20000;

class Singles {
public:
    Singles(const Decision& decision, const Explanation& explanation, Replays& replays,
            Ablation& again)
        : decision_{decision}, explanation_{explanation}, replays_{replays}, again_{again} {}

    void inputs(Proof& proof) {
        const Recording& recording = replays_.recording();
        std::map<SpikeKey, const InputPart*> parts;
        for (const InputPart& part : explanation_.inputs) parts[key_of(part)] = &part;
        std::vector<double> score;
        std::vector<double> tree;
        std::vector<double> effect;
        for (const SpikeKey& spike : input_spikes(recording)) {
            const auto found = parts.find(spike);
            score.push_back(found == parts.end() ? 0.0 : found->second->score);
            tree.push_back(found == parts.end() ? 0.0 : found->second->tree);
            effect.push_back(effect_of(again_.play(recording, {spike})));
        }
        proof.input_correlation = spearman(score, effect);
        proof.tree_correlation = spearman(tree, effect);
    }

    /// Of the spikes that act on the decision directly.
    [[nodiscard]] std::optional<double> hidden() {
        const Recording& recording = replays_.recording();
        if (recording.image().neuron_count() > kMostNeurons) return std::nullopt;
        std::map<SpikeKey, double> scores;
        for (const Effect& effect : explanation_.effects) {
            if (!effect.is_root) continue;
            for (const Cause& cause : effect.causes) {
                if (cause.event.is_push || cause.event.origin.is_input()) continue;
                scores[{cause.event.origin, cause.event.step, cause.event.ordinal}] += cause.score;
            }
        }
        std::vector<double> score;
        std::vector<double> effect;
        for (const auto& [spike, value] : scores) {
            score.push_back(value);
            effect.push_back(
                effect_of(again_.play(recording, {}, undoing(replays_, spike), spike.step)));
        }
        return spearman(score, effect);
    }

private:
    [[nodiscard]] double effect_of(const Outcome& outcome) const {
        return static_cast<double>(decision_.margin(decision_.scores) -
                                   decision_.margin(outcome.answer->scores));
    }

    const Decision& decision_;
    const Explanation& explanation_;
    Replays& replays_;
    Ablation& again_;
};

}  // namespace

std::optional<double> spearman(const std::vector<double>& a, const std::vector<double>& b) {
    if (a.size() < 3 || a.size() != b.size()) return std::nullopt;
    const std::vector<double> x = ranks(a);
    const std::vector<double> y = ranks(b);
    const double mean = static_cast<double>(a.size() - 1) / 2.0;
    double xy = 0.0;
    double xx = 0.0;
    double yy = 0.0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        xy += (x[i] - mean) * (y[i] - mean);
        xx += (x[i] - mean) * (x[i] - mean);
        yy += (y[i] - mean) * (y[i] - mean);
    }
    if (xx == 0.0 || yy == 0.0) return std::nullopt;
    return xy / std::sqrt(xx * yy);
}

std::int64_t Decision::lead(const std::vector<std::int64_t>& of) const {
    std::optional<std::int64_t> next;
    for (std::size_t i = 0; i < of.size(); ++i) {
        if (i != winner && (!next || of[i] > *next)) next = of[i];
    }
    return of[winner] - next.value_or(0);
}

std::uint64_t begin_of(const isa::DatasetImage& dataset, std::uint32_t sample) {
    return std::uint64_t{sample} * dataset.steps_per_sample;
}

std::optional<Decision> decision_of(const Recording& recording, Ablation& again) {
    const isa::Image& image = recording.image();
    const Outcome outcome = again.play(recording, {});
    if (!outcome.answer || !outcome.answer->runner_up) return std::nullopt;
    Decision decision;
    decision.sample = recording.position(recording.first()).sample;
    if (decision.sample < image.dataset.labels.size()) {
        decision.label = image.dataset.labels[decision.sample];
    }
    decision.scores = outcome.answer->scores;
    decision.winner = *outcome.answer->predicted;
    decision.runner_up = *outcome.answer->runner_up;
    const emu::Readout readout{image};
    for (const auto& [of, sign] :
         {std::pair{decision.winner, 1.0}, std::pair{decision.runner_up, -1.0}}) {
        const auto parts =
            parts_of(readout.ballot(), image.readout.combine, of, outcome.answer->cells);
        add_roots(recording, parts, sign, decision.roots);
    }
    return decision;
}

void measure_inputs(const Decision& decision, const Recording& recording, Ablation& again,
                    const Limits& limits, Explanation& explanation) {
    const std::vector<SpikeKey> spikes = input_spikes(recording);
    const auto score_without = [&](const std::vector<SpikeKey>& removed) {
        return again.play(recording, removed).answer->scores;
    };
    if (spikes.size() <= limits.most_measured) {
        const LossWithout loss = [&](const std::vector<SpikeKey>& removed) {
            return static_cast<double>(decision.margin(decision.scores) -
                                       decision.margin(score_without(removed)));
        };
        return take_measured(recording, single_losses(spikes, loss), explanation);
    }
    const std::uint64_t updates =
        (recording.end() - recording.first()) * recording.image().neuron_count();
    if (limits.most_measured * updates > limits.most_updates) return;
    const LossWithout loss = [&](const std::vector<SpikeKey>& removed) {
        return static_cast<double>(decision.lead(decision.scores) -
                                   decision.lead(score_without(removed)));
    };
    take_measured(recording, sampled_losses(spikes, limits.most_measured, recording.first(), loss),
                  explanation);
}

void measure_inputs(const Question& spike, const Recording& recording, Ablation& again,
                    const Limits& limits, Explanation& explanation) {
    const std::vector<SpikeKey> spikes = input_spikes(recording);
    if (spikes.size() > limits.most_measured) return;
    const LossWithout loss = [&](const std::vector<SpikeKey>& removed) {
        const Outcome outcome = again.play(recording, removed, spike.neuron);
        const bool there = std::ranges::find(outcome.spikes, spike.step) != outcome.spikes.end();
        return there ? 0.0 : 1.0;
    };
    take_measured(recording, single_losses(spikes, loss), explanation);
}

Proof prove(const Decision& decision, const Explanation& explanation, Replays& replays,
            Ablation& again, const ProofSetting& setting) {
    const Recording& recording = replays.recording();
    Proof proof =
        remove_many(recording, explanation, setting, [&](const std::vector<SpikeKey>& removed) {
            return again.play(recording, removed).answer->predicted != decision.winner;
        });
    if (!setting.singles) return proof;
    Singles singles{decision, explanation, replays, again};
    singles.inputs(proof);
    proof.hidden_correlation = singles.hidden();
    return proof;
}

Proof prove(const Question& spike, const Explanation& explanation, Replays& replays,
            Ablation& again, const ProofSetting& setting) {
    const Recording& recording = replays.recording();
    return remove_many(recording, explanation, setting, [&](const std::vector<SpikeKey>& removed) {
        const Outcome outcome = again.play(recording, removed, spike.neuron);
        return std::ranges::find(outcome.spikes, spike.step) == outcome.spikes.end();
    });
}

Ratio ratio_of(const std::vector<Proof>& proofs) {
    Ratio result;
    if (proofs.empty()) return result;
    std::vector<double> random;
    for (const Proof& proof : proofs) {
        random.push_back(proof.draws == 0 ? 0.0 : static_cast<double>(proof.changed) / proof.draws);
        result.top += proof.top_changes ? 1.0 : 0.0;
        result.random += random.back();
    }
    result.ratio = result.random > 0.0 ? result.top / result.random : 0.0;
    constexpr int kSamples = 2000;
    std::mt19937_64 draw{1};
    std::vector<double> ratios;
    for (int s = 0; s < kSamples; ++s) {
        double top = 0.0;
        double other = 0.0;
        for (std::size_t i = 0; i < proofs.size(); ++i) {
            const std::size_t which = draw() % proofs.size();
            top += proofs[which].top_changes ? 1.0 : 0.0;
            other += random[which];
        }
        if (other > 0.0) ratios.push_back(top / other);
    }
    std::ranges::sort(ratios);
    if (!ratios.empty()) {
        result.low = ratios[ratios.size() / 40];
        result.high = ratios[ratios.size() - 1 - ratios.size() / 40];
    }
    const auto count = static_cast<double>(proofs.size());
    result.top /= count;
    result.random /= count;
    return result;
}

}  // namespace seamount::explain
