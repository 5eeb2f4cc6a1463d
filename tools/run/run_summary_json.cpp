#include <fmt/core.h>

#include <algorithm>

#include "isa/base/content_hash.hpp"
#include "isa/base/json.hpp"
#include "isa/image/image_hash.hpp"
#include "tools/base/clock.hpp"
#include "tools/base/version.hpp"
#include "tools/run/explain.hpp"
#include "tools/run/run_summary.hpp"
#include "tools/run/uncertainty.hpp"

namespace seamount::tools {
namespace {

/// What the events of cores cost, by population.
Json populations_json(const RunOutcome& outcome) {
    Json json = Json::object();
    const std::vector<PopulationEnergy> energies = outcome.by_population->energies();
    for (std::size_t p = 0; p < energies.size(); ++p) {
        Json& parts = json[outcome.loaded.image.populations[p].name];
        for (const PopulationPart part : values(kPopulationPartNames)) {
            parts[std::string{name_of(kPopulationPartNames, part)}] =
                energies[p][static_cast<std::size_t>(part)];
        }
    }
    return json;
}

Json energy_json(const RunOutcome& outcome) {
    const emu::EnergyReport energy =
        emu::price(outcome.result.totals.counts, outcome.result.totals.time, outcome.loaded.chip,
                   outcome.result.totals.powered);
    Json json{{"total", session::joules(energy.total())},
              {"dynamic", session::joules(energy.total_dynamic())},
              {"fixed", session::joules(energy.stepping + energy.host)},
              {"stepping", session::joules(energy.stepping)},
              {"host", session::joules(energy.host)},
              {"idle", session::joules(energy.idle)}};
    for (const emu::Boundary boundary : values(emu::kBoundaryNames)) {
        json["boundaries"][std::string{name_of(emu::kBoundaryNames, boundary)}] =
            session::joules(emu::part_of(energy, boundary));
    }
    for (const emu::Component& component : emu::components()) {
        Picojoules sum{};
        for (const isa::Event event : component.events) sum += energy.of(event);
        json["components"][std::string{component.name}] = session::joules(sum);
    }
    for (std::size_t i = 0; i < isa::kEvents; ++i) {
        json["events"][std::string{isa::name_of(static_cast<isa::Event>(i))}] =
            session::joules(energy.dynamic[i]);
    }
    if (has_populations(outcome)) json["populations"] = populations_json(outcome);
    return json;
}

/// Parts of the modelled time: the critical paths of all steps. They add up to it.
Json time_json(const RunOutcome& outcome) {
    Json json;
    const emu::CauseTimes& parts = outcome.result.time_parts;
    for (std::size_t i = 0; i < emu::kCauses; ++i) {
        json[std::string{emu::name_of(static_cast<emu::Cause>(i))}] =
            session::seconds(Picoseconds{parts[i]});
    }
    return json;
}

/// The modelled time by boundary: what the steps waited for in each. They add up to it.
Json time_boundaries_json(const RunOutcome& outcome) {
    Json json;
    const auto parts = time_by_boundary(outcome.result.time_parts);
    for (const emu::Boundary boundary : values(emu::kBoundaryNames)) {
        if (boundary == emu::Boundary::kStatic) continue;  // is no time
        json[std::string{name_of(emu::kBoundaryNames, boundary)}] =
            session::seconds(parts[static_cast<std::size_t>(boundary)]);
    }
    return json;
}

Json counts_json(const emu::EventCounts& counts) {
    Json json;
    for (std::size_t i = 0; i < isa::kEvents; ++i) {
        const auto event = static_cast<isa::Event>(i);
        json[std::string{isa::name_of(event)}] = counts.of(event);
    }
    return json;
}

/// NeuroBench's metrics under its names (Yik et al. 2025, "The neurobench framework", section on
/// the algorithm track). Synaptic operations are the mean of a sample, or of a step.
Json neurobench_json(const RunOutcome& outcome) {
    const session::Tally& run = outcome.result.run;
    const bool by_sample = outcome.result.sample_count != 0;
    const session::Tally& base = by_sample ? outcome.result.samples : run;
    const double shares = by_sample ? outcome.result.sample_count : static_cast<double>(run.steps);
    const double neuron_steps =
        static_cast<double>(outcome.stats.neurons) * static_cast<double>(run.steps);
    return {{"footprint_bytes", outcome.stats.footprint_bytes},
            {"connection_sparsity", outcome.stats.connection_sparsity()},
            {"activation_sparsity",
             neuron_steps > 0.0 ? 1.0 - static_cast<double>(run.spikes) / neuron_steps : 0.0},
            {"synaptic_operations",
             {{"effective_acs", static_cast<double>(base.synaptic_events) / shares},
              {"per", by_sample ? "sample" : "step"}}}};
}

Json uncertainty_json(const RunOutcome& outcome) {
    const RunSpread spread = spread_of(outcome);
    Json json{{"modelled_time_s", spread.time_s}, {"energy_j", spread.energy_j}};
    json["parts"] = Json::array();
    for (const SpreadPart& part : spread.parts) {
        json["parts"].push_back({{"key", part.key},
                                 {"relative", part.relative},
                                 {"modelled_time_s", part.time_s},
                                 {"energy_j", part.energy_j}});
    }
    return json;
}

/// Without prices, times and energies are absent, not zero.
void remove_priced(Json& json) {
    for (const char* const key : {"contention_s", "modelled_time_s", "start_up_s", "time_parts_s",
                                  "time_boundaries_s", "bounded_by", "energy_j", "host_class"}) {
        json.erase(key);
    }
    if (!json.contains("per_sample")) return;
    json["per_sample"].erase("modelled_time_s");
    json["per_sample"].erase("energy_j");
}

/// Of a run without times, what was not modelled is absent, not zero, and is named.
void remove_timed(Json& json) {
    remove_priced(json);
    for (const char* const key : {"prices", "mesh", "hops", "max_link_flits", "wide_packets",
                                  "powered", "event_counts", "uncertainty"}) {
        json.erase(key);
    }
    json["untimed"] = true;
    json["not_modelled"] = {"mesh", "modelled_time_s", "energy_j"};
}

Json confusion_json(const session::Confusion& matrix) {
    return {{"labels", matrix.labels},
            {"classes", matrix.classes},
            {"counts", matrix.counts},
            {"unanswered", matrix.unanswered}};
}

void add_clearness(Json& json, const session::Clearness& clearness) {
    if (clearness.samples == 0) return;
    const auto samples = static_cast<double>(clearness.samples);
    json["margin"] = clearness.margin / samples;
    json["confidence"] = clearness.confidence / samples;
}

void add_samples(Json& json, const RunOutcome& outcome) {
    const session::RunResult& result = outcome.result;
    json["samples"] = result.sample_count;
    if (result.sample_count == 0) return;
    const double count = result.sample_count;
    const session::Tally& sum = result.samples;
    const auto mean = [count](std::uint64_t total) { return static_cast<double>(total) / count; };
    const emu::EnergyReport energy =
        emu::price(sum.counts, sum.time, outcome.loaded.chip, outcome.result.totals.powered);
    json["per_sample"] = {{"input_spikes", mean(sum.input_spikes)},
                          {"spikes", mean(sum.spikes)},
                          {"synaptic_events", mean(sum.synaptic_events)},
                          {"modelled_time_s", session::seconds(sum.time) / count},
                          {"energy_j", session::joules(energy.total()) / count}};
    if (outcome.loaded.image.dataset.ends_early()) json["per_sample"]["steps"] = mean(sum.steps);
    add_clearness(json, result.clearness);
    if (!result.has_accuracy) return;
    json["correct"] = result.correct;
    json["unanswered"] = result.unanswered;
    json["accuracy"] = result.correct / count;
    json["confusion"] = confusion_json(session::confusion_of(result.answers));
    const isa::ReadoutImage& readout = outcome.loaded.image.readout;
    if (readout.reference_accuracy >= 0.0) json["reference_accuracy"] = readout.reference_accuracy;
    if (!readout.reference.empty()) json["reference"] = readout.reference;
}

Json learning_json(const emu::LearningActivity& learning) {
    return {{"synapse_updates", learning.synapse_updates},
            {"synapse_writes", learning.synapse_writes},
            {"multiply_accumulates", learning.multiply_accumulates},
            {"trace_updates", learning.trace_updates},
            {"axon_trace_updates", learning.axon_trace_updates},
            {"saturations", learning.saturations}};
}

/// What the results belong to. The image is as it ran, inputs bound; `compile -o` writes the same
/// bytes if there are none.
Json hashes_json(const RunOutcome& outcome) {
    Json json{{"build", build()},
              {"image", outcome.loaded.image_hash ? *outcome.loaded.image_hash
                                                  : isa::image_hash(outcome.loaded.image)},
              {"chip", content_hash(outcome.loaded.chip.resolved)},
              {"inputs", Json::object()}};
    for (const FileState& file : outcome.loaded.files) {
        json["inputs"][file.path.string()] = file.hash;
    }
    return json;
}

/// What ran.
Json setting_json(const RunOutcome& outcome) {
    const session::RunPlan& plan = outcome.result.plan;
    const isa::ChipSpec& chip = outcome.loaded.chip;
    return {{"version", version()},
            {"network", outcome.loaded.image.network},
            {"chip", chip.name},
            {"prices", chip.priced() ? chip.prices_name : std::string{isa::kNoPrices}},
            {"mesh", name_of(emu::kMeshFidelityNames, plan.mesh)},
            {"threads", plan.threads},
            {"ranks", outcome.ranks},
            {"seed", plan.seed}};
}

/// What was counted, without the events of the prices.
void add_counts(Json& json, const RunOutcome& outcome) {
    const session::Tally& run = outcome.result.run;
    const emu::RunTotals& totals = outcome.result.totals;
    json.update({{"steps", run.steps},
                 {"neurons", outcome.stats.neurons},
                 {"synapses", outcome.stats.synapses},
                 {"cores", outcome.stats.cores},
                 {"input_spikes", run.input_spikes},
                 {"spikes", run.spikes},
                 {"spike_hash", fmt::format("{:016x}", outcome.result.spike_hash)},
                 {"packets", run.packets},
                 {"hops", run.hops()},
                 {"max_link_flits", totals.max_link_flits},
                 {"contention_s", static_cast<double>(totals.contention.count()) * 1e-12},
                 {"synaptic_events", run.synaptic_events}});
    for (const session::CoreCounterInfo& row : session::kCoreCounters) {
        if (!row.summary.empty()) json[std::string{row.summary}] = run.cores[row.counter];
    }
    json["wide_packets"] = totals.wide_packets;
}

/// Modelled time and energy, and where they go.
void add_costs(Json& json, const RunOutcome& outcome) {
    const isa::ChipSpec& chip = outcome.loaded.chip;
    const emu::RunTotals& totals = outcome.result.totals;
    json["modelled_time_s"] = session::seconds(totals.time);
    json["start_up_s"] = session::seconds(chip.price(isa::Event::kStartUp).time *
                                          totals.counts.of(isa::Event::kStartUp));
    json["time_parts_s"] = time_json(outcome);
    const std::vector<emu::Cause> causes = causes_of(outcome.result.time_parts);
    json["bounded_by"] = causes.empty() ? "" : emu::name_of(causes.front());
    json["host_class"] = name_of(isa::kHostClassNames, chip.host.host_class);
    json["time_boundaries_s"] = time_boundaries_json(outcome);
    json["powered"] = {{"chips", totals.powered.chips},
                       {"tiles", totals.powered.tiles},
                       {"cores", totals.powered.cores}};
    json["energy_j"] = energy_json(outcome);
    if (outcome.uncertainty && chip.priced()) json["uncertainty"] = uncertainty_json(outcome);
    json["event_counts"] = counts_json(totals.counts);
}

}  // namespace

std::string run_summary_json(const RunOutcome& outcome) {
    const session::RunPlan& plan = outcome.result.plan;
    Json json = setting_json(outcome);
    add_counts(json, outcome);
    add_costs(json, outcome);
    if (!outcome.loaded.image.learning.projections.empty()) {
        json["learning"] = learning_json(outcome.result.run.learning);
    }
    if (outcome.loaded.image.dataset.samples != 0) add_samples(json, outcome);
    if (!outcome.loaded.chip.priced()) remove_priced(json);
    if (plan.untimed) remove_timed(json);
    if (!outcome.records.empty()) json["records"] = outcome.records;
    json["neurobench"] = neurobench_json(outcome);
    // Of the run, not of its hash.
    const std::uint64_t peak = std::max(peak_rss_bytes(), outcome.peak_rss_bytes);
    for (const auto& [input, source] : outcome.loaded.bound) json["bound_inputs"][input] = source;
    json["hashes"] = hashes_json(outcome);
    json["wall_s"] = {{"load", outcome.load_s},
                      {"compile", outcome.loaded.compile_s},
                      {"run", outcome.result.run_s}};
    json["steps_per_s"] = static_cast<double>(plan.steps) / outcome.result.run_s;
    json["peak_rss_bytes"] = peak;
    return json_text(json, 2) + "\n";
}

}  // namespace seamount::tools
