#include "compiler/ir/layout.hpp"

#include <algorithm>

#include "isa/base/assert.hpp"

namespace seamount::compiler {
namespace {

std::vector<NeuronKind> kinds_of_neurons(const Lowered& lowered) {
    std::vector<NeuronKind> kinds;
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

Layout lay_out(const Lowered& lowered, std::span<const std::uint32_t> core_of_neuron,
               std::uint32_t cores) {
    Layout layout;
    layout.core_of.assign(core_of_neuron.begin(), core_of_neuron.end());
    layout.kinds = kinds_of_neurons(lowered);
    layout.neurons.resize(cores);
    for (const LoweredPopulation& population : lowered.populations) {
        for (std::uint32_t i = 0; i < population.size; ++i) {
            const std::uint32_t neuron =
                population.first_neuron + (population.order.empty() ? i : population.order[i]);
            layout.neurons[core_of_neuron[neuron]].push_back(neuron);
        }
    }
    layout.compartment_of.resize(core_of_neuron.size());
    for (std::vector<std::uint32_t>& neurons : layout.neurons) {
        SM_ASSERT(neurons.size() <= 65536, "compartments beyond the image's 16-bit targets");
        std::stable_sort(neurons.begin(), neurons.end(), [&](std::uint32_t a, std::uint32_t b) {
            return layout.kinds[a] < layout.kinds[b];
        });
        for (std::uint32_t c = 0; c < neurons.size(); ++c) {
            layout.compartment_of[neurons[c]] = static_cast<std::uint16_t>(c);
        }
    }
    return layout;
}

}  // namespace seamount::compiler
