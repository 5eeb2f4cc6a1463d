#include "compiler/report/compile_report.hpp"

#include <algorithm>

#include "compiler/place/traffic/step_time.hpp"
#include "isa/learning/microcode.hpp"

namespace seamount::compiler {
namespace {

std::vector<RuleCost> rule_costs(const Lowered& lowered) {
    std::vector<RuleCost> costs;
    for (const isa::LearningRuleImage& rule : lowered.network.learning.rules) {
        const isa::LearnCost cost = isa::cost_of(isa::decode_learning(rule.words));
        costs.push_back({rule.name, static_cast<std::uint32_t>(rule.words.size()), cost.x0, cost.y0,
                         cost.u, 0});
    }
    for (const LoweredProjection& projection : lowered.projections) {
        if (!projection.learning_rule) continue;
        costs[*projection.learning_rule].synapses += projection.synapses.target.size();
    }
    return costs;
}

std::vector<PlacedFill> fills_of_cores(const Partition& cut) {
    std::vector<PlacedFill> fills;
    for (const ShardId shard : cut.fills.ids()) {
        fills.push_back({cut.fills[shard], cut.mapping.core_of[shard]});
    }
    std::sort(fills.begin(), fills.end(),
              [](const PlacedFill& a, const PlacedFill& b) { return a.core < b.core; });
    return fills;
}

std::vector<LayerFill> fills_of_layers(const Lowered& lowered, const Partition& cut) {
    std::vector<LayerFill> layers;
    if (!lowered.pool) return layers;
    IdVector<ShardId, std::uint32_t> layer_of(cut.mapping.shards);
    IdVector<ShardId, std::uint32_t> most(cut.mapping.shards);
    for (std::uint32_t p = 0; p < lowered.populations.size(); ++p) {
        const LoweredPopulation& population = lowered.populations[p];
        IdVector<ShardId, std::uint32_t> neurons(cut.mapping.shards);
        for (std::uint32_t i = 0; i < population.size; ++i) {
            ++neurons[cut.mapping.shard_of[population.first_neuron + i]];
        }
        for (const ShardId shard : neurons.ids()) {
            if (neurons[shard] <= most[shard]) continue;
            most[shard] = neurons[shard];
            layer_of[shard] = p;
        }
        layers.emplace_back().population = population.name;
    }
    for (const ShardId shard : cut.fills.ids()) {
        const CoreFill& fill = cut.fills[shard];
        LayerFill& layer = layers[layer_of[shard]];
        ++layer.cores;
        layer.input_axons += fill.input_axons;
        layer.neuron_groups += fill.neuron_groups;
        layer.neurons += fill.pool_words - fill.input_axons - fill.synapse_words - fill.axon_map -
                         fill.axon_memory;
        layer.synapse_words += fill.synapse_words;
        layer.axon_map += fill.axon_map;
        layer.axon_memory += fill.axon_memory;
        layer.pool_words += fill.pool_words;
    }
    std::erase_if(layers, [](const LayerFill& layer) { return layer.cores == 0; });
    return layers;
}

/// Chips of the grid with at least one core of the network.
std::uint32_t chips_used(const Mapping& mapping, const isa::ChipSpec& chip) {
    std::vector<bool> used(std::size_t{chip.mesh.chips_x} * chip.mesh.chips_y);
    for (const CoreId core : mapping.core_of) {
        const TileId tile = chip.tile_of(core);
        const std::uint32_t x = chip.column_of(tile) / (chip.width / chip.mesh.chips_x);
        const std::uint32_t y = chip.row_of(tile) / (chip.height / chip.mesh.chips_y);
        used[std::size_t{y} * chip.mesh.chips_x + x] = true;
    }
    return static_cast<std::uint32_t>(std::count(used.begin(), used.end(), true));
}

}  // namespace

CompileReport report_of(const Lowered& lowered, const Partition& cut, const isa::ChipSpec& chip,
                        const PassOutcome& outcome, bool with_mapping) {
    CompileReport report;
    report.neurons = lowered.neuron_count();
    report.synapses = lowered.synapse_count();
    report.cores = cut.mapping.shards;
    report.chips = chip.mesh.chips_x * chip.mesh.chips_y;
    report.chips_used = chips_used(cut.mapping, chip);
    report.partitioner = cut.how;
    report.is_random = cut.is_random;
    const Traffic& traffic = outcome.traffic;
    report.packets_per_step = traffic.packets;
    report.local_packets_per_step = traffic.local_packets;
    report.hops_per_step = traffic.hops;
    report.max_link_load = traffic.max_link;
    const StepTime step = expected_step_time(lowered, cut.mapping, chip, traffic);
    report.priced = chip.priced();
    report.step_time = step.total();
    report.core_time = step.core;
    report.link_time = step.link;
    report.barrier_time = step.barrier;
    report.partition_s = outcome.partition_s;
    report.place_s = outcome.place_s;
    report.fills = fills_of_cores(cut);
    report.layers = fills_of_layers(lowered, cut);
    report.losses = lowered.losses;
    report.scales = lowered.network.scales;
    report.dt_s = lowered.network.dt_s;
    report.with_units = lowered.network.with_units;
    if (with_mapping) report.mapping = report_mapping(lowered, cut.mapping, chip);
    report.cache_hits = outcome.cache_hits;
    report.cache_misses = outcome.cache_misses;
    report.mapping_cached = outcome.mapping_cached;
    report.learning_rules = rule_costs(lowered);
    return report;
}

}  // namespace seamount::compiler
