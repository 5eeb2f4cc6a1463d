#include "tools/import/nir/receipt/receipt_page.hpp"

#include <fmt/format.h>

#include <cmath>
#include <vector>

#include "isa/base/json.hpp"
#include "tools/base/html/static_page.hpp"

namespace seamount::importer::nir {
namespace {

using tools::HtmlCell;
using Rows = std::vector<std::vector<HtmlCell>>;

constexpr double kMuch = 0.05;     ///< relative error that is worth a look
constexpr double kFewBits = 4.0;   ///< of a weight
constexpr double kMostBits = 9.0;  ///< that a weight is stored with

/// A number as JSON may have it; what is none is a dash.
std::string number(const Json& value) {
    return value.is_number() ? fmt::format("{:.6g}", value.get<double>()) : std::string{"\u2013"};
}

/// A number, or the least and the most of several.
std::string range(const Json& value) {
    if (!value.is_array()) return number(value);
    return fmt::format("{} \u2026 {}", number(value.at(0)), number(value.at(1)));
}

std::string words(const Json& value) {
    return value.is_string() ? value.get<std::string>() : value.dump();
}

double real(const Json& value) {
    return value.is_number() ? value.get<double>() : 0.0;
}

/// A relative error, with a bar that is full at 10 %.
HtmlCell error_cell(const Json& value) {
    constexpr double kFull = 0.1;
    if (!value.is_number()) return {"\u2013"};
    const double error = value.get<double>();
    const std::string percent = fmt::format("{:.3f} %", 100.0 * error);
    return {percent, error / kFull, "relative error " + percent, error > kMuch};
}

HtmlCell bits_cell(const Json& link) {
    if (link.at("exact").get<bool>()) return {"exact", 1.0, "exact", false};
    const Json& bits = link.at("good_bits");
    if (!bits.is_number()) return {"\u2013"};
    const double value = bits.get<double>();
    return {fmt::format("{:.1f}", value), value / kMostBits,
            fmt::format("{:.1f} of {:.0f} bits", value, kMostBits), value < kFewBits};
}

void add_settings(const Json& receipt, tools::StaticPage& page) {
    Rows rows;
    for (const char* const key : {"format", "version", "dt_s", "reset", "reset_given",
                                  "discretisation", "like", "split_weights", "spike"}) {
        if (receipt.contains(key)) rows.push_back({{key}, {words(receipt[key])}});
    }
    page.heading("Settings");
    page.table("How the file was read", {{"setting", true}, {"value", true}}, rows);
}

void add_populations(const Json& populations, tools::StaticPage& page) {
    page.heading("Populations");
    Rows rows;
    Rows parameters;
    for (const Json& one : populations) {
        const double spare = real(one.at("spare_bits"));
        rows.push_back({{words(one.at("name"))},
                        {words(one.at("type"))},
                        {words(one.at("program"))},
                        {number(one.at("neurons"))},
                        {range(one.at("units_of_v_per_unit"))},
                        {number(one.at("v_reached"))},
                        {fmt::format("{:.1f}", spare), spare / 16.0,
                         fmt::format("{:.1f} bits of the voltage stay unused", spare), spare < 1}});
        for (const Json& change : one.at("parameters")) {
            parameters.push_back({{words(one.at("name"))},
                                  {words(change.at("name"))},
                                  {range(change.at("before"))},
                                  {range(change.at("after"))},
                                  error_cell(change.at("largest_relative_error"))});
        }
    }
    page.table("What each population became",
               {{"population", true},
                {"node", true},
                {"program", true},
                {"neurons"},
                {"steps of v per unit"},
                {"v reached"},
                {"spare bits"}},
               rows);
    page.table("Parameters before and after; bars are full at 10 %",
               {{"population", true},
                {"parameter", true},
                {"before"},
                {"after"},
                {"largest relative error"}},
               parameters);
}

void add_projections(const Json& projections, tools::StaticPage& page) {
    page.heading("Weights");
    Rows rows;
    for (const Json& link : projections) {
        const double weights = real(link.at("weights"));
        const double lost = real(link.at("became_zero"));
        rows.push_back({{words(link.at("from")) + " \u2192 " + words(link.at("to"))},
                        {number(link.at("weights"))},
                        {number(link.at("synapses_per_weight"))},
                        error_cell(link.at("relative_rms_error")),
                        error_cell(link.at("largest_error_of_largest")),
                        {number(link.at("became_zero")), weights > 0 ? lost / weights : 0.0,
                         fmt::format("{:.1f} % of the weights became 0",
                                     weights > 0 ? 100.0 * lost / weights : 0.0),
                         lost > kMuch * weights},
                        bits_cell(link)});
    }
    page.table(
        "What was lost of each matrix; errors by the root mean square, and of the largest weight",
        {{"projection", true},
         {"weights"},
         {"synapses each"},
         {"error (rms)"},
         {"largest error"},
         {"became 0"},
         {"bits kept"}},
        rows);
}

void add_comparison(const Json& comparison, tools::StaticPage& page) {
    page.heading("Both networks, run");
    page.paragraph(fmt::format("{} steps of each on the same spikes; the reference: {}.",
                               number(comparison.at("steps")), words(comparison.at("reference"))));
    Rows rows;
    for (const Json& one : comparison.at("populations")) {
        const Json& first = one.at("first_difference");
        const double correlation = real(one.at("count_correlation"));
        rows.push_back(
            {{words(one.at("name"))},
             {number(one.at("reference_spikes"))},
             {number(one.at("spikes"))},
             {number(one.at("cells_that_differ"))},
             {first.is_object() ? fmt::format("step {}, neuron {}", number(first.at("step")),
                                              number(first.at("neuron")))
                                : "none",
              {},
              {},
              false},
             {fmt::format("{:.4f}", correlation), correlation,
              fmt::format("correlation of spike counts {:.4f}", correlation), correlation < 0.97},
             {one.at("same_winner").get<bool>() ? "same" : "other"}});
    }
    page.table("Spikes by population",
               {{"population", true},
                {"reference spikes"},
                {"spikes"},
                {"neurons x steps that differ"},
                {"first difference"},
                {"correlation of counts"},
                {"winner"}},
               rows);
}

}  // namespace

std::string receipt_page(const std::string& json) {
    const Json receipt = parse_json_or_throw(json);
    tools::StaticPage page{"Conversion of " + words(receipt.at("file")),
                           "seamount import --receipt"};
    page.paragraph("Every parameter before and after the import, and what its rounding costs.");
    add_settings(receipt, page);
    add_populations(receipt.at("populations"), page);
    add_projections(receipt.at("projections"), page);
    if (receipt.contains("comparison")) add_comparison(receipt.at("comparison"), page);
    if (!receipt.at("notes").empty()) page.heading("Notes");
    for (const Json& note : receipt.at("notes")) page.paragraph(words(note));
    return page.text();
}

}  // namespace seamount::importer::nir
