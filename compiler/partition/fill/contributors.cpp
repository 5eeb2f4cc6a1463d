#include "compiler/partition/fill/contributors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <unordered_set>

#include "isa/base/text.hpp"

namespace seamount::compiler {
namespace {

/// Whether the population has a neuron there.
bool has_neurons(const LoweredPopulation& population, const Mapping& mapping, ShardId shard) {
    const auto begin = mapping.shard_of.begin() + population.first_neuron.value();
    return std::find(begin, begin + population.size, shard) != begin + population.size;
}

/// Sources (or synapses) of a projection that reach the shard.
std::uint64_t incoming(const Lowered& lowered, const Mapping& mapping,
                       const LoweredProjection& projection, ShardId shard, bool synapses) {
    if (!has_neurons(lowered.populations[projection.to], mapping, shard)) return 0;
    const NeuronId first = lowered.populations[projection.to].first_neuron;
    const SynapseTable& table = projection.synapses;
    std::uint64_t amount = 0;
    for (std::size_t s = 0; s + 1 < table.first.size(); ++s) {
        for (std::uint64_t e = table.first[s]; e < table.first[s + 1]; ++e) {
            if (mapping.shard_of[first + table.target[e]] != shard) continue;
            ++amount;
            if (!synapses) break;
        }
    }
    return amount;
}

/// Cores that the neurons of the shard reach over a projection, each neuron for itself.
std::uint64_t outgoing(const Lowered& lowered, const Mapping& mapping,
                       const LoweredProjection& projection, ShardId shard) {
    if (projection.from.is_input) return 0;
    const NeuronId source = lowered.populations[projection.from.index].first_neuron;
    const NeuronId first = lowered.populations[projection.to].first_neuron;
    const SynapseTable& table = projection.synapses;
    std::uint64_t amount = 0;
    std::unordered_set<ShardId> reached;
    for (std::uint32_t s = 0; s + 1 < table.first.size(); ++s) {
        if (mapping.shard_of[source + s] != shard) continue;
        reached.clear();
        for (std::uint64_t e = table.first[s]; e < table.first[s + 1]; ++e) {
            reached.insert(mapping.shard_of[first + table.target[e]]);
        }
        amount += reached.size();
    }
    return amount;
}

Contributor largest_projection(const Lowered& lowered, const Mapping& mapping, ShardId shard,
                               isa::TakenBy by) {
    Contributor most;
    for (const LoweredProjection& projection : lowered.projections) {
        const std::uint64_t amount =
            by == isa::TakenBy::kFanOuts
                ? outgoing(lowered, mapping, projection, shard)
                : incoming(lowered, mapping, projection, shard, by == isa::TakenBy::kSynapses);
        if (amount > most.amount) {
            most = {fmt::format("projection '{}'", projection.name), projection.where, amount, by};
        }
    }
    return most;
}

Contributor largest_population(const Lowered& lowered, const Mapping& mapping, ShardId shard) {
    Contributor most;
    for (const LoweredPopulation& population : lowered.populations) {
        const auto begin = mapping.shard_of.begin() + population.first_neuron.value();
        const auto amount =
            static_cast<std::uint64_t>(std::count(begin, begin + population.size, shard));
        if (amount > most.amount) {
            most = {fmt::format("population '{}'", population.name), population.where, amount,
                    isa::TakenBy::kPopulations};
        }
    }
    return most;
}

Contributor largest(const Lowered& lowered, const Mapping& mapping, ShardId shard,
                    isa::TakenBy by) {
    switch (by) {
        case isa::TakenBy::kPopulations:
            return largest_population(lowered, mapping, shard);
        case isa::TakenBy::kSources:
        case isa::TakenBy::kFanOuts:
        case isa::TakenBy::kSynapses:
            return largest_projection(lowered, mapping, shard, by);
        case isa::TakenBy::kAll:
            break;
    }
    return {};
}

}  // namespace

Contributor contributor_to(const Lowered& lowered, const Mapping& mapping, ShardId shard,
                           isa::CoreLimit limit) {
    return largest(lowered, mapping, shard, isa::info(limit).taken_by);
}

std::string largest_contributor(const Lowered& lowered, const Mapping& mapping, ShardId shard,
                                isa::CoreLimit limit) {
    const Contributor most = contributor_to(lowered, mapping, shard, limit);
    if (most.amount == 0) return {};
    const std::string file = std::filesystem::path{most.where.file}.filename().string();
    return fmt::format(
        "; largest contributor: {}{} with {}{}", most.what,
        most.where.line == 0 ? std::string{} : fmt::format(" ({}:{})", file, most.where.line),
        grouped(most.amount), most.by == isa::TakenBy::kSynapses ? " synapses" : "");
}

}  // namespace seamount::compiler
