#include "tools/import/nir/receipt/nir_receipt.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "isa/base/json.hpp"
#include "tools/import/nir/fixed/program.hpp"
#include "tools/import/nir/receipt/receipt_page.hpp"

namespace seamount::importer::nir {
namespace {

/// A parameter of a population before and after, over all neurons.
struct Change {
    double before_least = 0;
    double before_most = 0;
    double after_least = 0;
    double after_most = 0;
    double error = 0;  ///< largest, relative
};

Change change_of(const std::vector<double>& before, const std::vector<double>& after) {
    Change change;
    const auto [a, b] = std::minmax_element(before.begin(), before.end());
    const auto [c, d] = std::minmax_element(after.begin(), after.end());
    change = {*a, *b, *c, *d, 0};
    for (std::size_t i = 0; i < before.size(); ++i) {
        if (before[i] == 0) continue;
        change.error = std::max(change.error, std::abs(after[i] / before[i] - 1));
    }
    return change;
}

Json range(double least, double most) {
    return least == most ? Json(least) : Json::array({least, most});
}

Json change_json(const char* name, const Change& change) {
    return {{"name", name},
            {"before", range(change.before_least, change.before_most)},
            {"after", range(change.after_least, change.after_most)},
            {"largest_relative_error", change.error}};
}

/// Bits of a voltage that stay unused over what a run on noise reached.
double spare_bits(const Population& p, const FixedPopulation& fixed, const Activity& activity) {
    const double scale = *std::max_element(fixed.scale.begin(), fixed.scale.end());
    const double threshold = *std::max_element(p.threshold.begin(), p.threshold.end());
    const double reached = std::max({activity.u, activity.v, threshold}) * scale;
    return reached == 0 ? 0 : std::log2(fixed.program->largest_state / reached);
}

Json population_json(const Population& p, const FixedPopulation& fixed, const Activity& activity) {
    Json parameters = Json::array();
    parameters.push_back(change_json("v_decay", change_of(p.v_decay, fixed.v_decay)));
    parameters.push_back(change_json("u_decay", change_of(p.u_decay, fixed.u_decay)));
    if (p.output == Output::kSpikes) {
        parameters.push_back(change_json("threshold", change_of(p.threshold, fixed.threshold)));
    }
    Json arguments;
    for (const Argument& argument : fixed.arguments) {
        const auto [least, most] =
            std::minmax_element(argument.values.begin(), argument.values.end());
        arguments[argument.name] = range(*least, *most);
    }
    const auto [least, most] = std::minmax_element(fixed.scale.begin(), fixed.scale.end());
    return {{"name", p.name},
            {"node", p.node},
            {"path", p.object},
            {"type", p.kind == Kind::kOutput ? "Output" : name_of(kKindNames, p.kind)},
            {"program", fixed.program->name},
            {"neurons", p.size()},
            {"level", p.level},
            {"units_of_v_per_unit", range(*least, *most)},
            {"parameters", parameters},
            {"arguments", arguments},
            {"v_reached", activity.v},
            {"u_reached", activity.u},
            {"spare_bits", spare_bits(p, fixed, activity)}};
}

double root_mean_error(const StoredLink& link) {
    return link.squared == 0 ? 0 : std::sqrt(link.squared_error / link.squared);
}

/// Bits that weights are exact to, on average.
double good_bits(const StoredLink& link) {
    const double error = root_mean_error(link);
    return error == 0 ? INFINITY : -std::log2(error);
}

std::string source_of(const Model& model, const Link& link) {
    return link.from_input ? model.inputs[link.from].name : model.populations[link.from].name;
}

Json link_json(const Model& model, const Link& link, const StoredLink& stored) {
    Json parts = Json::array();
    for (const StoredWeights& part : stored.parts) {
        parts.push_back({{"exponent", part.exponent}, {"sign", part.sign}});
    }
    const double bits = good_bits(stored);
    return {
        {"from", source_of(model, link)},
        {"to", model.populations[link.to].name},
        {"through", link.through},
        {"recurrent", link.is_recurrent},
        {"delay", link.delay + link.map.longest_delay()},
        {"weights", stored.weights},
        {"synapses_per_weight", stored.parts.size()},
        {"parts", parts},
        {"exact", stored.worst_error == 0},
        {"largest_error_of_largest", stored.largest == 0 ? 0 : stored.worst_error / stored.largest},
        {"relative_rms_error", root_mean_error(stored)},
        {"good_bits", std::isfinite(bits) ? Json(bits) : Json(nullptr)},
        {"became_zero", stored.lost}};
}

Json comparison_json(const PopulationComparison& one) {
    Json first = nullptr;
    if (one.first_step) first = {{"step", *one.first_step}, {"neuron", one.first_neuron}};
    return {{"name", one.name},
            {"reference_spikes", one.reference_spikes},
            {"spikes", one.spikes},
            {"cells_that_differ", one.cells},
            {"first_difference", first},
            {"count_correlation", one.correlation},
            {"same_winner", one.same_winner}};
}

}  // namespace

void NirReceipt::compare(isa::Image image, std::uint64_t steps) {
    steps_ = steps;
    compared_ = compare_runs(made_.model, made_.options.like != NirLike::kLava, image, steps);
}

std::string NirReceipt::json() const {
    const NirOptions& options = made_.options;
    Json all{{"file", made_.file},
             {"format", "NIR"},
             {"version", made_.version},
             {"dt_s", options.dt ? Json(*options.dt) : Json(nullptr)},
             {"reset", name_of(kNirResetNames, options.reset.value_or(NirReset::kZero))},
             {"reset_given", options.reset.has_value()},
             {"discretisation", name_of(kNirDiscretisationNames, options.discretisation)},
             {"like", name_of(kNirLikeNames, options.like)},
             {"split_weights", options.split_weights},
             {"spike", "the value 1 for one step; IF and I take r * w without dt"},
             {"outputs", made_.model.outputs},
             {"populations", Json::array()},
             {"projections", Json::array()},
             {"notes", made_.notes}};
    for (std::size_t i = 0; i < made_.model.populations.size(); ++i) {
        all["populations"].push_back(population_json(
            made_.model.populations[i], made_.fixed.populations[i], made_.activity[i]));
    }
    for (std::size_t i = 0; i < made_.model.links.size(); ++i) {
        all["projections"].push_back(
            link_json(made_.model, made_.model.links[i], made_.fixed.links[i]));
    }
    if (compared_) {
        all["comparison"] = {{"steps", steps_},
                             {"reference", "double precision, the same discretisation and delays"},
                             {"populations", Json::array()}};
        for (const PopulationComparison& one : *compared_) {
            all["comparison"]["populations"].push_back(comparison_json(one));
        }
    }
    return all.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string NirReceipt::html() const {
    return receipt_page(json());
}

std::string NirReceipt::table() const {
    std::string text =
        fmt::format("  {:<20} {:<15} {:>5} {:>10} {:>10} {:>10} {:>10}\n", "population", "program",
                    "level", "v decay", "u decay", "threshold", "spare bits");
    for (std::size_t i = 0; i < made_.model.populations.size(); ++i) {
        const Population& p = made_.model.populations[i];
        const FixedPopulation& fixed = made_.fixed.populations[i];
        const auto error = [](const std::vector<double>& before, const std::vector<double>& after) {
            return fmt::format("{:.3f} %", 100 * change_of(before, after).error);
        };
        text += fmt::format("  {:<20} {:<15} {:>5} {:>10} {:>10} {:>10} {:>10.1f}\n", p.name,
                            fixed.program->name, p.level, error(p.v_decay, fixed.v_decay),
                            error(p.u_decay, fixed.u_decay), error(p.threshold, fixed.threshold),
                            spare_bits(p, fixed, made_.activity[i]));
    }
    text += fmt::format("  {:<36} {:>9} {:>9} {:>9} {:>11} {:>9}\n", "projection", "weights", "rms",
                        "largest", "became zero", "good bits");
    for (std::size_t i = 0; i < made_.model.links.size(); ++i) {
        const Link& link = made_.model.links[i];
        const StoredLink& stored = made_.fixed.links[i];
        const double bits = good_bits(stored);
        text +=
            fmt::format("  {:<36} {:>9} {:>7.3f} % {:>7.3f} % {:>11} {:>9}\n",
                        source_of(made_.model, link) + "->" + made_.model.populations[link.to].name,
                        stored.weights, 100 * root_mean_error(stored),
                        stored.largest == 0 ? 0.0 : 100 * stored.worst_error / stored.largest,
                        stored.lost, std::isfinite(bits) ? fmt::format("{:.1f}", bits) : "exact");
    }
    if (!compared_) return text;
    text += fmt::format("  {:<20} {:>10} {:>10} {:>12} {:>18} {:>12} {:>7}\n",
                        fmt::format("{} steps", steps_), "reference", "chip", "cells differ",
                        "first step/neuron", "correlation", "winner");
    for (const PopulationComparison& one : *compared_) {
        text += fmt::format(
            "  {:<20} {:>10} {:>10} {:>12} {:>18} {:>12.4f} {:>7}\n", one.name,
            one.reference_spikes, one.spikes, one.cells,
            one.first_step ? fmt::format("{}/{}", *one.first_step, one.first_neuron) : "none",
            one.correlation, one.same_winner ? "same" : "other");
    }
    return text;
}

}  // namespace seamount::importer::nir
