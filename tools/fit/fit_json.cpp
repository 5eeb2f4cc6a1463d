#include "tools/fit/fit_json.hpp"

#include "compiler/report/between_chips.hpp"
#include "isa/base/json.hpp"
#include "tools/base/version.hpp"

namespace seamount::tools {
namespace {

using compiler::FitReport;

constexpr auto kRatesNames = name_table<RatesFrom>({
    {RatesFrom::kNowhere, "every_step"},
    {RatesFrom::kOptions, "options"},
    {RatesFrom::kRun, "run"},
});

Json cores_of(const FitReport& report) {
    const compiler::CoreNeed& need = report.need;
    return {{"needed", need.misfits == 0 ? Json(need.cores) : Json(nullptr)},
            {"least", need.least.cores},
            {"least_by", isa::name_of(need.least.by)},
            {"usable", need.usable_cores},
            {"binding_limit", isa::name_of(need.binds)},
            {"neurons_that_fit_on_no_core", need.misfits},
            {"pins_ignored", need.ignores_places}};
}

Json chips_of(const FitReport& report) {
    const compiler::ChipCount& chips = report.chips;
    Json json{{"available", chips.available},
              {"cores_each", chips.cores_each},
              {"least", chips.least},
              {"needed", chips.needed == 0 ? Json(nullptr) : Json(chips.needed)}};
    if (chips.available > 1 || chips.needed > 1 || chips.least > 1) {
        json["not_modelled_between_chips"] = compiler::kNotModelledBetweenChips;
    }
    return json;
}

Json layers_of(const FitAnswer& answer) {
    Json layers = Json::array();
    for (std::size_t p = 0; p < answer.report.layers.size(); ++p) {
        const compiler::LayerFit& layer = answer.report.layers[p];
        Json& entry =
            layers.emplace_back(Json{{"population", layer.population},
                                     {"neurons", layer.neurons},
                                     {"cores", layer.cores},
                                     {"shared_cores", layer.shared_cores},
                                     {"limit", isa::name_of(layer.limit)},
                                     {"used", layer.used},
                                     {"allowed", layer.allowed},
                                     {"largest_contributor", layer.contributor},
                                     {"largest_contributor_amount", layer.contributor_amount},
                                     {"synapses", layer.synapses},
                                     {"synapse_bits", layer.synapse_bits},
                                     {"input_axons", layer.input_axons},
                                     {"output_axons", layer.output_axons}});
        if (answer.cost) {
            entry["rate"] = answer.rates.populations[p];
            entry["dynamic_j_per_step"] = answer.cost->layer_j[p];
        }
    }
    return layers;
}

Json cost_of(const FitAnswer& answer) {
    const compiler::RateEstimate& cost = *answer.cost;
    Json json{{"rates_from", name_of(kRatesNames, answer.rates_from)},
              {"spikes_per_step", cost.spikes},
              {"packets_per_step", cost.packets},
              {"hops_per_step", cost.hops},
              {"synaptic_events_per_step", cost.synaptic_events},
              {"step_time_s", cost.step_time_s},
              {"core_time_s", cost.core_time_s},
              {"link_time_s", cost.link_time_s},
              {"barrier_time_s", cost.barrier_time_s},
              {"energy_j_per_step", cost.energy_j()},
              {"dynamic_j_per_step", cost.dynamic_j},
              {"static_j_per_step", cost.static_j}};
    if (answer.report.samples != 0) {
        json["steps_per_sample"] = answer.report.steps_per_sample;
        if (answer.report.samples_end_early) json["samples_end_early"] = true;
        json["time_s_per_sample"] = cost.step_time_s * answer.report.steps_per_sample;
        json["energy_j_per_sample"] = cost.energy_j() * answer.report.steps_per_sample;
    }
    return json;
}

Json run_of(const FitRun& run) {
    return {{"steps", run.steps},
            {"step_time_s", run.step_time_s},
            {"energy_j_per_step", run.energy_j},
            {"spikes_per_step", run.spikes},
            {"packets_per_step", run.packets},
            {"synaptic_events_per_step", run.synaptic_events}};
}

Json changes_of(const FitReport& report) {
    Json changes = Json::array();
    for (const compiler::FitChange& change : report.changes) {
        changes.push_back({{"change", change.what},
                           {"gives", change.gives},
                           {"enough", change.enough},
                           {"tried", change.tried},
                           {"cores", change.cores == 0 ? Json(nullptr) : Json(change.cores)}});
    }
    return changes;
}

}  // namespace

std::string fit_json(const FitAnswer& answer) {
    const FitReport& report = answer.report;
    Json json{{"version", version()},
              {"network", answer.network},
              {"chip", answer.chip.name},
              {"fits", name_of(compiler::kFitVerdictNames, report.verdict)},
              {"exact", report.exact},
              {"neurons", report.neurons},
              {"synapses", report.too_large ? Json(nullptr) : Json(report.synapses)}};
    if (!report.too_large) json["cores"] = cores_of(report);
    json["chips"] = chips_of(report);
    json["layers"] = layers_of(answer);
    if (answer.cost) json["estimate"] = cost_of(answer);
    if (answer.run) json["run"] = run_of(*answer.run);
    json["changes"] = changes_of(report);
    Json& refusals = json["refusals"] = Json::array();
    for (const Diagnostic& refusal : report.need.refusals) {
        refusals.push_back({{"code", refusal.code}, {"message", refusal.message}});
    }
    return json_text(json, 2) + "\n";
}

}  // namespace seamount::tools
