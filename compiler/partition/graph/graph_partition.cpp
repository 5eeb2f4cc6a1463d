#include "compiler/partition/graph/graph_partition.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "compiler/ir/fanout.hpp"
#include "compiler/partition/fill/limits.hpp"

namespace seamount::compiler {
namespace {

/// Counters of refinement, one per net and core: 4 bytes each.
constexpr std::uint64_t kMostCounters = std::uint64_t{1} << 27;

PartLimits part_limits(const isa::CoreLimits& limits) {
    PartLimits parts;
    parts.compartments = limits.compartments;
    parts.synapses = limits.synapses;
    parts.bits = limits.synapse_bits;
    if (limits.has_pool()) {
        // Rows are of words; the pool has to hold the rest too.
        std::uint64_t words = limits.synapse_words;
        const std::uint64_t rest = limits.pool_words - limits.pool_words / 4;
        if (rest != 0 && (words == 0 || rest < words)) words = rest;
        parts.bits = words * isa::ChipSpec::kSynapseWordBits;
    }
    parts.input_axons = limits.input_axons;
    parts.output_axons = limits.output_axons;
    const auto shared = [&parts](SharedResource resource, std::uint64_t limit) {
        parts.shared[static_cast<std::size_t>(resource)] = limit;
    };
    shared(SharedResource::kNeuronGroup, limits.neuron_groups);
    shared(SharedResource::kMicrocodeWord, limits.microcode_words);
    shared(SharedResource::kSynapseFormat, limits.synapse_formats);
    return parts;
}

/// Leaves each of `cores` its share of the neurons that are free, and some room to move.
void spread_over(const Hypergraph& graph, std::uint32_t cores, PartLimits& limits) {
    if (cores == 0) return;
    std::uint64_t compartments = 0;
    std::uint64_t synapses = 0;
    for (std::uint32_t v = 0; v < graph.vertex_count(); ++v) {
        if (graph.fixed[v] != Hypergraph::kNone) continue;
        compartments += graph.compartments[v];
        synapses += graph.synapses[v];
    }
    const auto share = [cores](std::uint64_t all, std::uint64_t limit) {
        const std::uint64_t most = all / cores + all / cores / 16 + 1;
        return limit == 0 ? most : std::min(most, limit);
    };
    limits.compartments = share(compartments, limits.compartments);
    limits.synapses = share(synapses, limits.synapses);
}

/// Whether less synapse memory per core helps against it.
bool is_memory(isa::CoreLimit limit) {
    return limit == isa::CoreLimit::kSynapseBits || limit == isa::CoreLimit::kSynapseWords ||
           limit == isa::CoreLimit::kPoolWords || limit == isa::CoreLimit::kAxonMemory;
}

/// The parts that are in use become shards; those of the start keep their numbers.
Mapping mapping_of(const NetworkGraph& network, const Cut& cut, const Mapping& start) {
    Mapping mapping = start;
    std::vector<ShardId> shard_of_part(cut.parts, Mapping::kNoShard);
    for (const ShardId shard : start.shard_ids()) shard_of_part[shard.index()] = shard;
    for (const NeuronId neuron : mapping.shard_of.ids()) {
        ShardId& shard = shard_of_part[cut.part_of[network.vertex_of[neuron]]];
        if (shard == Mapping::kNoShard) shard = ShardId{mapping.shards++};
        mapping.shard_of[neuron] = shard;
    }
    mapping.core_of.resize(mapping.shards, Mapping::kUnplaced);
    return mapping;
}

/// How the exact need of synapse memory exceeds what the synapses alone take: the worst core.
double overhead_of(const IdVector<ShardId, CoreFill>& fills, const NetworkGraph& network,
                   const Mapping& mapping, ShardId first_shard) {
    IdVector<ShardId, std::uint64_t> plain(mapping.shards);
    std::vector<bool> counted(network.graph.vertex_count());
    for (const NeuronId neuron : mapping.shard_of.ids()) {
        const std::uint32_t vertex = network.vertex_of[neuron];
        if (network.graph.fixed[vertex] != Hypergraph::kNone || counted[vertex]) continue;
        counted[vertex] = true;
        plain[mapping.shard_of[neuron]] += network.graph.bits[vertex];
    }
    double worst = 1.0;
    std::uint64_t heaviest = 0;
    for (ShardId shard = first_shard; shard.value() < mapping.shards; ++shard) {
        // What matters is the ratio of the cores that are full.
        if (plain[shard] == 0 || fills[shard].synapse_bits < heaviest) continue;
        heaviest = fills[shard].synapse_bits;
        worst = static_cast<double>(heaviest) / static_cast<double>(plain[shard]);
    }
    return worst;
}

}  // namespace

GraphSearch partition_by_graph(const Lowered& lowered, const isa::ChipSpec& chip,
                               const Mapping& start, IdSpan<NeuronId, const std::uint32_t> rates,
                               const PortfolioOptions& options, bool last_is_outside) {
    const std::uint32_t shards = chip.cores() + (last_is_outside ? 1 : 0);
    if (start.shards >= shards) return {};
    const isa::CoreLimits limits = effective_limits(chip.limits);
    const NetworkGraph network = make_hypergraph(lowered, start, rates);
    const Hypergraph& graph = network.graph;
    PartLimits allowed = part_limits(limits);
    spread_over(graph, options.spread, allowed);
    const std::uint64_t memory = allowed.bits;
    const std::uint32_t open = shards - start.shards;
    const ShardId outside = last_is_outside ? ShardId{start.shards - 1} : Mapping::kNoShard;
    const std::uint32_t fewest = fewest_parts(graph, allowed);
    if (fewest > open) return {};
    // Pinned cores take counters too, and the search opens more cores while limits are exceeded.
    const std::uint64_t most = kMostCounters / std::max(graph.net_count(), 1U);
    if (start.shards + std::min<std::uint64_t>(open, std::uint64_t{fewest} * 2) > most) {
        return {};
    }
    const auto cores = static_cast<std::uint32_t>(std::min<std::uint64_t>(shards, most));
    // Seeds come first, then annealing: what they need of synapse memory is known in between.
    constexpr int kAttempts = 6;
    PortfolioOptions now = options;
    now.polishes = options.effort == 0;
    GraphSearch search;
    std::optional<GraphPartition>& best = search.found;
    std::optional<Cut> known;
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
        Cut cut = find_cut(graph, cores, allowed, now, known ? &*known : nullptr);
        GraphPartition result{mapping_of(network, cut, start), cut.cost, cut.how, cut.is_random};
        const IdVector<ShardId, CoreFill> fills = count_fills(lowered, result.mapping);
        bool fits = true;
        bool by_memory = false;
        for (const ShardId shard : result.mapping.shard_ids()) {
            if (shard == outside) continue;
            for (const LimitExcess& excess : exceeded(fills[shard], limits)) {
                // Of what pinned cores need, only their fan-out depends on this mapping.
                const bool pinned = shard.value() < start.shards;
                if (pinned && excess.limit != isa::CoreLimit::kOutputAxons) continue;
                fits = false;
                by_memory = by_memory || is_memory(excess.limit);
            }
        }
        if (fits && (!best || result.cost <= best->cost)) best = std::move(result);
        if (fits && cut.is_final) break;
        search.gave_up = !best && cut.is_hopeless;
        if (search.gave_up) break;
        now.polishes = fits || cut.is_final;
        if (!fits) {
            if (!by_memory) break;
            const double overhead =
                overhead_of(fills, network, mapping_of(network, cut, start), ShardId{start.shards});
            const auto left =
                static_cast<std::uint64_t>(static_cast<double>(memory) / (overhead * 1.01));
            // What a pool holds beside synapses does not shrink with them.
            const std::uint64_t less = limits.has_pool() ? 10 : 50;
            allowed.bits = std::min(left, allowed.bits - allowed.bits / less);
            if (fewest_parts(graph, allowed) > open) break;
        }
        known = std::move(cut);
    }
    return search;
}

namespace {

/// What a source sends between cores, and what it would send by chance.
struct SourceCost {
    std::uint64_t packets = 0;
    std::uint64_t pins = 0;
    std::uint32_t rate = 1;
};

/// Calls visit(const SourceCost&) for every source with a synapse.
template <class Visit>
void for_each_cost(const Lowered& lowered, const Mapping& mapping,
                   IdSpan<NeuronId, const std::uint32_t> rates, Visit&& visit) {
    Fanout fanout{lowered, mapping.shard_of, mapping.shards};
    fanout.for_each_source([&](const Fanout::Source& source, std::span<const FanoutGroup> groups) {
        const bool from_host = source.neuron == Fanout::kFromHost;
        const ShardId home = from_host ? Mapping::kNoShard : mapping.shard_of[source.neuron];
        SourceCost cost;
        cost.pins = from_host ? 0 : 1;
        ShardId last = Mapping::kNoShard;
        for (const FanoutGroup& group : groups) {
            if (group.shard != last && group.shard != home) ++cost.packets;
            last = group.shard;
            cost.pins += group.count;
        }
        if (from_host) --cost.packets;
        if (!from_host && !rates.empty()) cost.rate = rates[source.neuron];
        visit(cost);
    });
}

}  // namespace

std::uint64_t mapping_cost(const Lowered& lowered, const Mapping& mapping,
                           IdSpan<NeuronId, const std::uint32_t> rates) {
    std::uint64_t all = 0;
    for_each_cost(lowered, mapping, rates,
                  [&all](const SourceCost& cost) { all += cost.rate * cost.packets; });
    return all;
}

double share_of_chance(const Lowered& lowered, const Mapping& mapping,
                       IdSpan<NeuronId, const std::uint32_t> rates) {
    std::uint64_t packets = 0;
    double by_chance = 0.0;
    for_each_cost(lowered, mapping, rates, [&](const SourceCost& cost) {
        packets += cost.rate * cost.packets;
        by_chance += cost.rate * net_by_chance(static_cast<double>(cost.pins), mapping.shards);
    });
    return by_chance == 0.0 ? 1.0 : static_cast<double>(packets) / by_chance;
}

}  // namespace seamount::compiler
