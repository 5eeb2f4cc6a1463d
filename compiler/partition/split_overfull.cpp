#include "compiler/partition/split_overfull.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "compiler/partition/fill/limits.hpp"

namespace seamount::compiler {
namespace {

/// Neurons of each shard, in the order in which they are best kept together.
IdVector<ShardId, std::vector<NeuronId>> members_of(const Lowered& lowered,
                                                    const Mapping& mapping) {
    IdVector<ShardId, std::vector<NeuronId>> members(mapping.shards);
    for (const LoweredPopulation& population : lowered.populations) {
        for (std::uint32_t i = 0; i < population.size; ++i) {
            const std::uint32_t index = population.order.empty() ? i : population.order[i];
            const NeuronId neuron = population.first_neuron + index;
            members[mapping.shard_of[neuron]].push_back(neuron);
        }
    }
    return members;
}

bool may_be_split(const Lowered& lowered) {
    return std::ranges::none_of(lowered.populations, [](const LoweredPopulation& population) {
        return population.parent || !population.region.empty();
    });
}

}  // namespace

std::optional<IdVector<ShardId, CoreFill>> split_overfull(const Lowered& lowered,
                                                          const isa::CoreLimits& limits,
                                                          std::uint32_t first, std::uint32_t most,
                                                          Mapping& mapping) {
    const isa::CoreLimits effective = effective_limits(limits);
    const bool is_free = may_be_split(lowered);
    IdVector<ShardId, CoreFill> fills = count_fills(lowered, mapping);
    while (true) {
        std::vector<ShardId> overfull;
        for (const ShardId shard : fills.ids()) {
            if (!exceeded(fills[shard], effective).empty()) overfull.push_back(shard);
        }
        if (overfull.empty()) return fills;
        if (!is_free || mapping.shards + overfull.size() > most) return std::nullopt;
        std::vector<bool> changed(mapping.shards + overfull.size());
        const auto members = members_of(lowered, mapping);
        for (const ShardId shard : overfull) {
            const std::vector<NeuronId>& neurons = members[shard];
            if (neurons.size() < 2 || shard.value() < first) return std::nullopt;
            const ShardId half{mapping.shards++};
            for (std::size_t i = neurons.size() / 2; i < neurons.size(); ++i) {
                mapping.shard_of[neurons[i]] = half;
            }
            changed[shard.index()] = true;
            changed[half.index()] = true;
        }
        mapping.core_of.resize(mapping.shards, Mapping::kUnplaced);
        // What the others hold is as it was, but for the cores that their neurons reach.
        IdVector<ShardId, CoreFill> now = count_fills(lowered, mapping, changed);
        for (const ShardId shard : fills.ids()) {
            if (changed[shard.index()] || lowered.pool) continue;
            fills[shard].output_axons = now[shard].output_axons;
            now[shard] = fills[shard];
        }
        fills = std::move(now);
    }
}

}  // namespace seamount::compiler
