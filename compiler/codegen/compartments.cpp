#include "compiler/codegen/compartments.hpp"

#include <algorithm>
#include <utility>

namespace seamount::compiler {
namespace {

isa::NeuronGroup make_group(const Lowered& lowered, const Layout& layout, NeuronKind kind,
                            const isa::CoreImage& core, std::uint32_t first, std::uint32_t count) {
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
    if (population.parent) {
        const NeuronId parent = lowered.populations[*population.parent].first_neuron;
        std::vector<std::int32_t>& distance = group.state[population.parent_word];
        distance.clear();
        for (std::uint32_t c = first; c < first + count; ++c) {
            const std::uint32_t at =
                layout.compartment_of[parent + (core.neurons[c] - population.first_neuron)];
            distance.push_back(static_cast<std::int32_t>(at) - static_cast<std::int32_t>(c));
        }
    }
    return group;
}

}  // namespace

Layout lay_out_compartments(const Lowered& lowered, const Mapping& mapping, isa::Image& image) {
    // Cores ascend by id; shards are numbered by the partitioner.
    const IdRange<ShardId> all = mapping.shard_ids();
    std::vector<ShardId> shards(all.begin(), all.end());
    std::sort(shards.begin(), shards.end(),
              [&mapping](ShardId a, ShardId b) { return mapping.core_of[a] < mapping.core_of[b]; });
    IdVector<ShardId, ShardId> renumbered(mapping.shards);
    image.cores.resize(mapping.shards);
    for (std::uint32_t i = 0; i < mapping.shards; ++i) {
        renumbered[shards[i]] = ShardId{i};
        image.cores[i].core = mapping.core_of[shards[i]];
    }

    IdVector<NeuronId, ShardId> shard_of;
    shard_of.reserve(mapping.shard_of.size());
    for (const ShardId shard : mapping.shard_of) shard_of.push_back(renumbered[shard]);
    Layout layout = lay_out(lowered, shard_of, mapping.shards);
    for (const ShardId shard : layout.neurons.ids()) {
        isa::CoreImage& core = image.cores[slot_of(shard).index()];
        core.neurons = std::move(layout.neurons[shard]);
        const auto size = static_cast<std::uint32_t>(core.neurons.size());
        for (std::uint32_t first = 0; first < size;) {
            const NeuronKind kind = layout.kinds[core.neurons[first]];
            std::uint32_t end = first;
            while (end < size && layout.kinds[core.neurons[end]] == kind) ++end;
            core.groups.push_back(make_group(lowered, layout, kind, core, first, end - first));
            first = end;
        }
    }
    return layout;
}

}  // namespace seamount::compiler
