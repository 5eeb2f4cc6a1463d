#include "compiler/codegen/compartments.hpp"

#include <algorithm>
#include <numeric>

#include "isa/assert.hpp"

namespace seamount::compiler {
namespace {

/// Population and profile of a neuron, by which compartments are ordered and grouped.
struct Kind {
    std::uint32_t population = 0;
    std::uint32_t profile = 0;
    friend auto operator<=>(const Kind&, const Kind&) = default;
};

std::vector<Kind> kinds_of(const Lowered& lowered) {
    std::vector<Kind> kinds;
    kinds.reserve(lowered.neuron_count());
    for (std::uint32_t p = 0; p < lowered.populations.size(); ++p) {
        const LoweredPopulation& population = lowered.populations[p];
        for (std::uint32_t i = 0; i < population.size; ++i) {
            kinds.push_back({p, population.profile_of.empty() ? 0 : population.profile_of[i]});
        }
    }
    return kinds;
}

isa::NeuronGroup make_group(const Lowered& lowered, Kind kind, const isa::CoreImage& core,
                            std::uint32_t first, std::uint32_t count) {
    const LoweredPopulation& population = lowered.populations[kind.population];
    isa::NeuronGroup group;
    group.program = population.program;
    group.population = kind.population;
    group.first = first;
    group.count = count;
    group.params = population.profiles[kind.profile];
    for (const Values<std::int32_t>& initial : population.state) {
        std::vector<std::int32_t>& words = group.state.emplace_back();
        if (initial.uniform()) {
            words = initial.list;
            continue;
        }
        words.reserve(count);
        for (std::uint32_t c = first; c < first + count; ++c) {
            words.push_back(initial.list[core.neurons[c] - population.first_neuron]);
        }
        const bool equal = std::all_of(words.begin(), words.end(),
                                       [&words](std::int32_t w) { return w == words.front(); });
        if (equal) words.resize(1);
    }
    return group;
}

}  // namespace

Layout lay_out_compartments(const Lowered& lowered, const Mapping& mapping, isa::Image& image) {
    // Cores ascend by id; shards are numbered by the partitioner.
    std::vector<std::uint32_t> shards(mapping.shards);
    std::iota(shards.begin(), shards.end(), 0U);
    std::sort(shards.begin(), shards.end(), [&mapping](std::uint32_t a, std::uint32_t b) {
        return mapping.core_of[a] < mapping.core_of[b];
    });
    std::vector<std::uint32_t> index_of_shard(mapping.shards);
    image.cores.resize(mapping.shards);
    for (std::uint32_t i = 0; i < mapping.shards; ++i) {
        index_of_shard[shards[i]] = i;
        image.cores[i].core = mapping.core_of[shards[i]];
    }

    Layout layout;
    layout.core_of.reserve(mapping.shard_of.size());
    std::vector<std::uint32_t> count(mapping.shards);
    for (const std::uint32_t shard : mapping.shard_of) {
        layout.core_of.push_back(index_of_shard[shard]);
        ++count[layout.core_of.back()];
    }
    for (std::uint32_t i = 0; i < mapping.shards; ++i) image.cores[i].neurons.reserve(count[i]);
    for (std::uint32_t neuron = 0; neuron < layout.core_of.size(); ++neuron) {
        image.cores[layout.core_of[neuron]].neurons.push_back(neuron);
    }

    const std::vector<Kind> kinds = kinds_of(lowered);
    layout.compartment_of.resize(layout.core_of.size());
    for (isa::CoreImage& core : image.cores) {
        SM_ASSERT(core.neurons.size() <= 65536, "compartments beyond the image's 16-bit targets");
        // Neurons already ascend by population and id.
        std::stable_sort(
            core.neurons.begin(), core.neurons.end(),
            [&kinds](std::uint32_t a, std::uint32_t b) { return kinds[a] < kinds[b]; });
        const auto size = static_cast<std::uint32_t>(core.neurons.size());
        for (std::uint32_t first = 0; first < size;) {
            const Kind kind = kinds[core.neurons[first]];
            std::uint32_t end = first;
            for (; end < size && kinds[core.neurons[end]] == kind; ++end) {
                layout.compartment_of[core.neurons[end]] = static_cast<std::uint16_t>(end);
            }
            core.groups.push_back(make_group(lowered, kind, core, first, end - first));
            first = end;
        }
    }
    return layout;
}

}  // namespace seamount::compiler
