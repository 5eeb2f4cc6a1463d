#include "compiler/fit/layer_fit.hpp"

#include <map>
#include <optional>
#include <set>
#include <span>
#include <utility>

#include "compiler/fit/fullest_limit.hpp"
#include "compiler/ir/fanout.hpp"
#include "compiler/partition/fill/contributors.hpp"
#include "compiler/partition/fill/limits.hpp"
#include "isa/image/synapse_cost.hpp"

namespace seamount::compiler {
namespace {

/// The cores of a mapping, each divided into the parts that belong to one population.
struct Parts {
    Mapping mapping;                        ///< a part is a shard
    std::vector<std::uint32_t> population;  ///< of each part
    std::vector<ShardId> core;              ///< that it is part of
};

Parts divide(const Lowered& lowered, const Mapping& mapping) {
    Parts parts;
    parts.mapping.shard_of.assign(lowered.neuron_count(), Mapping::kNoShard);
    for (std::uint32_t p = 0; p < lowered.populations.size(); ++p) {
        const LoweredPopulation& population = lowered.populations[p];
        std::map<ShardId, ShardId> part_on;
        for (std::uint32_t i = 0; i < population.size; ++i) {
            const NeuronId neuron = population.first_neuron + i;
            const ShardId core = mapping.shard_of[neuron];
            const auto [part, is_new] = part_on.try_emplace(core, ShardId{parts.mapping.shards});
            if (is_new) {
                ++parts.mapping.shards;
                parts.population.push_back(p);
                parts.core.push_back(core);
            }
            parts.mapping.shard_of[neuron] = part->second;
        }
    }
    parts.mapping.core_of.resize(parts.mapping.shards, Mapping::kUnplaced);
    return parts;
}

/// What each part takes alone. Rows that a core stores once, and the words of a pool, belong to all
/// who use them: of these each part has the share of its synapses.
struct PartFills {
    std::vector<CoreFill> of;

    PartFills(const Lowered& lowered, const Partition& cut, const Parts& parts)
        : of(parts.mapping.shards) {
        for (const ShardId part : parts.mapping.shard_of) ++of[part.index()].compartments;
        Fanout fanout{lowered, parts.mapping.shard_of, parts.mapping.shards};
        fanout.for_each_source(
            [&](const Fanout::Source& source, std::span<const FanoutGroup> groups) {
                add(fanout, source, groups, parts);
            });
        IdVector<ShardId, std::uint64_t> synapses(cut.mapping.shards);
        IdVector<ShardId, std::uint64_t> own_bits(cut.mapping.shards);
        for (std::size_t part = 0; part < of.size(); ++part) {
            synapses[parts.core[part]] += of[part].synapses;
            own_bits[parts.core[part]] += of[part].synapse_bits;
        }
        for (std::size_t part = 0; part < of.size(); ++part) {
            const ShardId core = parts.core[part];
            const std::uint64_t all = cut.fills[core].synapse_bits;
            if (all == own_bits[core] || synapses[core] == 0) continue;
            of[part].synapse_bits = static_cast<std::uint64_t>(
                static_cast<double>(all) * static_cast<double>(of[part].synapses) /
                static_cast<double>(synapses[core]));
        }
    }

private:
    void add(const Fanout& fanout, const Fanout::Source& source,
             std::span<const FanoutGroup> groups, const Parts& parts) {
        for (std::size_t g = 0; g < groups.size(); ++g) {
            const FanoutGroup& group = groups[g];
            CoreFill& there = of[group.shard.index()];
            there.synapses += group.count;
            there.synapse_bits += isa::synapse_bits(fanout.kinds()[group.kind].format, group.count);
            if (g != 0 && fanout.same_axon(group, groups[g - 1])) continue;
            ++there.input_axons;
            if (source.neuron == Fanout::kFromHost) continue;
            ++of[parts.mapping.shard_of[source.neuron].index()].output_axons;
        }
    }
};

struct Fullest {
    ShardId core;
    double share = -1.0;
};

/// Raises what is said of the fullest core of a layer.
void look_at(const CoreFill& fill, ShardId core, const isa::CoreLimits& limits, LayerFit& layer,
             Fullest& fullest) {
    const LimitUse use = fullest_limit(fill, limits);
    if (use.share <= fullest.share) return;
    fullest = {core, use.share};
    layer.limit = use.limit;
    layer.used = use.used;
    layer.allowed = use.allowed;
}

}  // namespace

std::vector<LayerFit> layer_fits(const Lowered& lowered, const Partition& cut,
                                 const isa::CoreLimits& limits) {
    const isa::CoreLimits effective = effective_limits(limits);
    std::vector<LayerFit> layers(lowered.populations.size());
    std::vector<Fullest> fullest(layers.size());
    for (std::size_t p = 0; p < layers.size(); ++p) {
        layers[p].population = lowered.populations[p].name;
        layers[p].neurons = lowered.populations[p].size;
    }
    const Parts parts = divide(lowered, cut.mapping);
    const PartFills taken{lowered, cut, parts};
    for (std::size_t part = 0; part < taken.of.size(); ++part) {
        const std::uint32_t p = parts.population[part];
        const ShardId core = parts.core[part];
        const CoreFill& own = taken.of[part];
        LayerFit& layer = layers[p];
        ++layer.cores;
        if (own.compartments < cut.fills[core].compartments) ++layer.shared_cores;
        layer.synapses += own.synapses;
        layer.synapse_bits += own.synapse_bits;
        layer.input_axons += own.input_axons;
        layer.output_axons += own.output_axons;
        look_at(cut.fills[core], core, effective, layer, fullest[p]);
    }
    std::map<std::pair<ShardId, isa::CoreLimit>, Contributor> known;
    for (std::size_t p = 0; p < layers.size(); ++p) {
        if (layers[p].cores == 0) continue;
        const std::pair key{fullest[p].core, layers[p].limit};
        auto entry = known.find(key);
        if (entry == known.end()) {
            entry = known.emplace(key, contributor_to(lowered, cut.mapping, key.first, key.second))
                        .first;
        }
        layers[p].contributor = entry->second.what;
        layers[p].contributor_amount = entry->second.amount;
    }
    return layers;
}

}  // namespace seamount::compiler
