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

}  // namespace

CompileReport report_of(const Lowered& lowered, const Partition& cut, const isa::ChipSpec& chip,
                        const PassOutcome& outcome, bool with_mapping) {
    CompileReport report;
    report.neurons = lowered.neuron_count();
    report.synapses = lowered.synapse_count();
    report.cores = cut.mapping.shards;
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
    report.losses = lowered.losses;
    report.scales = lowered.network.scales;
    if (with_mapping) report.mapping = report_mapping(lowered, cut.mapping, chip);
    report.cache_hits = outcome.cache_hits;
    report.cache_misses = outcome.cache_misses;
    report.mapping_cached = outcome.mapping_cached;
    report.learning_rules = rule_costs(lowered);
    return report;
}

}  // namespace seamount::compiler
