#include "compiler/ir/layout.hpp"

#include <algorithm>

#include "isa/base/assert.hpp"

namespace seamount::compiler {
namespace {

IdVector<NeuronId, NeuronKind> kinds_of_neurons(const Lowered& lowered) {
    IdVector<NeuronId, NeuronKind> kinds;
    kinds.reserve(lowered.neuron_count());
    for (std::uint32_t p = 0; p < lowered.populations.size(); ++p) {
        const LoweredPopulation& population = lowered.populations[p];
        for (std::uint32_t i = 0; i < population.size; ++i) {
            kinds.push_back({p, population.profile_of.empty() ? 0 : population.profile_of[i]});
        }
    }
    return kinds;
}

}  // namespace

Layout lay_out(const Lowered& lowered, IdSpan<NeuronId, const ShardId> shard_of,
               std::uint32_t shards) {
    Layout layout;
    layout.shard_of.list().assign(shard_of.begin(), shard_of.end());
    layout.kinds = kinds_of_neurons(lowered);
    layout.neurons.resize(shards);
    for (const LoweredPopulation& population : lowered.populations) {
        for (std::uint32_t i = 0; i < population.size; ++i) {
            const NeuronId neuron =
                population.first_neuron + (population.order.empty() ? i : population.order[i]);
            layout.neurons[shard_of[neuron]].push_back(neuron);
        }
    }
    layout.compartment_of.resize(shard_of.size());
    for (std::vector<NeuronId>& neurons : layout.neurons) {
        SM_ASSERT(neurons.size() <= 65536, "compartments beyond the image's 16-bit targets");
        std::stable_sort(neurons.begin(), neurons.end(),
                         [&](NeuronId a, NeuronId b) { return layout.kinds[a] < layout.kinds[b]; });
        for (std::uint32_t c = 0; c < neurons.size(); ++c) {
            layout.compartment_of[neurons[c]] = static_cast<std::uint16_t>(c);
        }
    }
    return layout;
}

}  // namespace seamount::compiler
