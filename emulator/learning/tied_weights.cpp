#include "emulator/learning/tied_weights.hpp"

#include <algorithm>
#include <tuple>

#include "isa/base/assert.hpp"

namespace seamount::emu {
namespace {

using isa::SynapseWord;

/// A synapse by its ends within their populations.
struct EndedSynapse {
    std::uint32_t source;
    std::uint32_t target;
    std::uint32_t id;
    std::size_t core;
    std::uint32_t* word;
};

/// Those of an entry of LearningImage::projections in order; `turned`: source and target exchanged.
std::vector<EndedSynapse> synapses_of(const isa::Image& image, std::span<CoreLearning* const> cores,
                                      std::uint32_t entry, bool turned) {
    const std::uint32_t projection = image.learning.projections[entry].projection;
    const std::uint32_t to = image.projections[projection].to;
    const std::uint32_t first = image.populations[to].first_neuron.value();
    std::vector<EndedSynapse> synapses;
    synapses.reserve(image.projections[projection].synapses);
    for (std::size_t c = 0; c < cores.size(); ++c) {
        if (cores[c] == nullptr) continue;
        for (PlasticProjection& part : cores[c]->projections()) {
            if (part.projection() != projection) continue;
            part.for_each_word([&](std::uint32_t source, std::uint32_t id, std::uint32_t& word) {
                const NeuronId neuron = image.cores[c].neurons[SynapseWord::target(word)];
                const std::uint32_t target = neuron.value() - first;
                synapses.push_back(
                    {turned ? target : source, turned ? source : target, id, c, &word});
            });
        }
    }
    std::sort(synapses.begin(), synapses.end(), [](const EndedSynapse& a, const EndedSynapse& b) {
        return std::tie(a.source, a.target, a.id) < std::tie(b.source, b.target, b.id);
    });
    return synapses;
}

}  // namespace

TiedWeights::TiedWeights(const isa::Image& image, std::span<CoreLearning* const> cores) {
    by_core_.resize(cores.size());
    for (const isa::TieImage& tie : image.learning.ties) {
        const auto learner = synapses_of(image, cores, tie.learner, false);
        const auto tied = synapses_of(image, cores, tie.tied, true);
        SM_ASSERT(learner.size() == tied.size(), "tied projections have the same synapses");
        std::vector<Part> parts(cores.size());
        for (std::size_t i = 0; i < tied.size(); ++i) {
            SM_ASSERT(learner[i].source == tied[i].source && learner[i].target == tied[i].target,
                      "tied projections have the same synapses");
            parts[tied[i].core].pairs.push_back({learner[i].word, tied[i].word});
        }
        const isa::PlasticImage& entry = image.learning.projections[tie.learner];
        for (std::size_t c = 0; c < parts.size(); ++c) {
            if (parts[c].pairs.empty()) continue;
            parts[c].epoch = image.learning.rules[entry.rule].epoch;
            std::sort(parts[c].pairs.begin(), parts[c].pairs.end(),
                      [](const Pair& a, const Pair& b) { return a.tied < b.tied; });
            by_core_[c].push_back(std::move(parts[c]));
        }
    }
}

std::uint64_t TiedWeights::copy(std::size_t core, std::uint64_t step) {
    std::uint64_t changed = 0;
    for (const Part& part : by_core_[core]) {
        if ((step + 1) % part.epoch != 0) continue;
        for (const Pair& pair : part.pairs) {
            const std::uint32_t word = *pair.tied;
            const std::int32_t weight = SynapseWord::weight(*pair.learner);
            if (weight == SynapseWord::weight(word)) continue;
            *pair.tied =
                SynapseWord::pack(weight, SynapseWord::delay(word), SynapseWord::target(word));
            ++changed;
        }
    }
    return changed;
}

}  // namespace seamount::emu
