#include "compiler/report/report.hpp"

#include <sys/resource.h>

#include "compiler/report/between_chips.hpp"
#include "isa/base/json.hpp"

namespace seamount::compiler {

namespace {

/// What causes the traffic; the packets of each core go into its entry of `fills`.
void add_mapping(const MappingReport& mapping, Json& json) {
    auto& nets = json["nets_on_cores"] = Json::array();
    for (std::size_t cores = 1; cores < mapping.nets_on_cores.size(); ++cores) {
        if (mapping.nets_on_cores[cores] == 0) continue;
        nets.push_back({{"cores", cores}, {"nets", mapping.nets_on_cores[cores]}});
    }
    auto& costs = json["costliest_projections"] = Json::array();
    for (const MappingReport::Cost& cost : mapping.costliest) {
        costs.push_back({{"projection", cost.projection},
                         {"line", cost.where.line},
                         {"synapses", cost.synapses},
                         {"packets_per_step", cost.packets},
                         {"hops_per_step", cost.hops}});
    }
    auto core = mapping.cores.begin();
    for (auto& fill : json["fills"]) {
        while (core != mapping.cores.end() && core->core.value() != fill["core"]) ++core;
        if (core == mapping.cores.end()) break;
        fill["packets_in_per_step"] = core->packets_in;
        fill["packets_out_per_step"] = core->packets_out;
    }
}

void add_scales(const std::vector<ChosenScale>& scales, Json& json) {
    auto& all = json["scales"] = Json::array();
    for (const ChosenScale& scale : scales) {
        Json entry{{"population", scale.population}, {"scale", scale.scale}};
        for (const ChosenScale::OfProjection& projection : scale.projections) {
            entry["projections"].push_back({{"projection", projection.name},
                                            {"largest_weight", projection.largest},
                                            {"exponent", projection.exponent}});
        }
        for (const ChosenScale::OfArgument& argument : scale.arguments) {
            entry["arguments"].push_back({{"argument", argument.name},
                                          {"given", {argument.least, argument.most}},
                                          {"became", {argument.least_value, argument.most_value}},
                                          {"largest_exponent", argument.largest_exponent}});
        }
        all.push_back(std::move(entry));
    }
}

void add_units(const CompileReport& report, Json& json) {
    json["dt_s"] = *report.dt_s;
    auto& all = json["units"] = Json::array();
    for (const UnitValue& value : report.with_units) {
        all.push_back({{"line", value.where.line},
                       {"key", value.name},
                       {"written", value.written},
                       {"became", value.became}});
    }
}

void add_optimisation(const Optimisation& optimisation, Json& json) {
    auto& of = json["optimisation"] =
        Json{{"objective", name_of(kObjectiveNames, optimisation.objective)},
             {"steps", optimisation.steps},
             {"from_step", optimisation.from_step},
             {"kept", optimisation.kept},
             {"budget_over", optimisation.budget_over}};
    auto& all = of["candidates"] = Json::array();
    for (const MeasuredMapping& one : optimisation.measured) {
        Json& entry = all.emplace_back(Json{{"how", one.how}, {"fits", one.fits}});
        if (!one.fits) continue;
        entry["cores"] = one.cores;
        entry["modelled_step_time_s"] = one.step_time_s;
        entry["modelled_step_energy_j"] = one.step_energy_j;
        entry["packets_per_step"] = one.packets_per_step;
    }
}

}  // namespace

std::string report_json(const CompileReport& report) {
    Json json;
    json["neurons"] = report.neurons;
    json["synapses"] = report.synapses;
    json["cores"] = report.cores;
    if (report.optimisation) add_optimisation(*report.optimisation, json);
    if (report.chips > 1) {
        json["chips"] = report.chips;
        json["chips_used"] = report.chips_used;
        json["not_modelled_between_chips"] = kNotModelledBetweenChips;
    }
    json["partitioner"] = report.partitioner;
    json["random_like"] = report.is_random;
    json["packets_per_step"] = report.packets_per_step;
    json["local_packets_per_step"] = report.local_packets_per_step;
    json["hops_per_step"] = report.hops_per_step;
    json["max_link_load"] = report.max_link_load;
    const auto ns = [](Picoseconds time) { return static_cast<double>(time.count()) / 1000.0; };
    if (report.priced) {
        json["expected_step_time_ns"] = ns(report.step_time);
        json["expected_core_time_ns"] = ns(report.core_time);
        json["expected_link_time_ns"] = ns(report.link_time);
        json["expected_barrier_time_ns"] = ns(report.barrier_time);
    }
    json["partition_s"] = report.partition_s;
    json["place_s"] = report.place_s;
    json["compile_s"] = report.compile_s;
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    json["peak_rss_bytes"] = static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;

    auto& fills = json["fills"] = Json::array();
    for (const PlacedFill& fill : report.fills) {
        auto& entry = fills.emplace_back(Json{{"core", fill.core.value()}});
        for (const isa::CoreLimit limit : isa::kCoreLimitsInReports) {
            const isa::CoreLimitInfo& info = isa::info(limit);
            entry[std::string{info.key}] = fill.*info.amount;
        }
    }
    auto& layers = json["layers"] = Json::array();
    for (const LayerFill& layer : report.layers) {
        layers.push_back({{"population", layer.population},
                          {"cores", layer.cores},
                          {"input_axons", layer.input_axons},
                          {"neuron_groups", layer.neuron_groups},
                          {"neurons", layer.neurons},
                          {"synapse_words", layer.synapse_words},
                          {"axon_map", layer.axon_map},
                          {"axon_memory", layer.axon_memory},
                          {"pool_words", layer.pool_words}});
    }
    auto& losses = json["quantisation"] = Json::array();
    for (const QuantisationLoss& loss : report.losses) {
        losses.push_back({{"projection", loss.projection},
                          {"synapses", loss.synapses},
                          {"clipped", loss.clipped},
                          {"truncated", loss.truncated},
                          {"zeroed", loss.zeroed},
                          {"max_error", loss.max_error},
                          {"mean_error", loss.mean_error},
                          {"mean_signed_error", loss.mean_shift},
                          {"grid", loss.grid},
                          {"rounding", name_of(kWeightRoundingNames,
                                               loss.nearest ? WeightRounding::kNearest
                                                            : WeightRounding::kTruncate)}});
    }
    if (!report.scales.empty()) add_scales(report.scales, json);
    if (report.dt_s) add_units(report, json);
    json["cache_hits"] = report.cache_hits;
    json["cache_misses"] = report.cache_misses;
    json["mapping_cached"] = report.mapping_cached;
    if (report.mapping) add_mapping(*report.mapping, json);
    auto& rules = json["learning_rules"] = Json::array();
    for (const RuleCost& rule : report.learning_rules) {
        rules.push_back({{"name", rule.name},
                         {"words", rule.words},
                         {"macs_x0", rule.macs_x0},
                         {"macs_y0", rule.macs_y0},
                         {"macs_u", rule.macs_u},
                         {"synapses", rule.synapses}});
    }
    return json_text(json, 2) + "\n";
}

}  // namespace seamount::compiler
