#include "tools/import/nir/nir_import.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "tools/import/nir/fixed/emit.hpp"
#include "tools/import/nir/fixed/fixed.hpp"
#include "tools/import/nir/fold/model.hpp"
#include "tools/import/nir/graph/read_graph.hpp"
#include "tools/import/nir/graph/shapes.hpp"
#include "tools/import/nir/reference/reference.hpp"

namespace seamount::importer {
namespace {

/// The choices that a network was made with, for its first lines.
std::string choices(const NirOptions& options) {
    std::string text = options.dt ? fmt::format("--dt {} ", *options.dt) : "";
    text += fmt::format("--reset {} --discretise {}",
                        name_of(kNirResetNames, options.reset.value_or(NirReset::kZero)),
                        name_of(kNirDiscretisationNames, options.discretisation));
    if (options.like != NirLike::kOwn) {
        text += fmt::format(" --like {}", name_of(kNirLikeNames, options.like));
    }
    if (options.scale) text += fmt::format(" --scale {}", *options.scale);
    if (options.split_weights) text += " --split-weights";
    if (options.graded) text += " --graded";
    return text;
}

void append(std::vector<std::string>& to, const std::vector<std::string>& from) {
    to.insert(to.end(), from.begin(), from.end());
}

}  // namespace

std::vector<std::string> given(const NirOptions& options) {
    std::vector<std::string> names;
    if (options.dt) names.emplace_back("--dt");
    if (options.reset) names.emplace_back("--reset");
    if (options.discretisation != NirDiscretisation::kEuler) names.emplace_back("--discretise");
    if (options.scale) names.emplace_back("--scale");
    if (options.split_weights) names.emplace_back("--split-weights");
    if (options.graded) names.emplace_back("--graded");
    if (options.allow_open) names.emplace_back("--allow-open");
    return names;
}

Imported import_nir(const Hdf5File& file, const std::string& data, const NirOptions& options) {
    Diagnostics found;
    nir::Graph graph = nir::read_graph(file, options.allow_open, found);
    found.throw_if_errors();
    nir::find_shapes(file, graph, found);
    found.throw_if_errors();
    nir::Model model = nir::fold(file, graph, options, found);
    found.throw_if_errors();
    nir::give_names(model);
    const std::vector<nir::Activity> activity =
        nir::activity_on_noise(model, options.like != NirLike::kLava);
    const nir::Fixed fixed = nir::to_integers(file, model, activity, options, found);
    found.throw_if_errors();
    Names names;
    Imported result{NetworkText{
        names.unique(file.path().stem().string()),
        data,
        {fmt::format("Imported from {} (NIR {}) by seamount import.",
                     file.path().filename().string(), graph.version),
         choices(options), fmt::format("Outputs: {}", fmt::join(model.outputs, ", "))}}};
    nir::write(model, fixed, result.network);
    result.layers = model.populations.size();
    for (const nir::Population& one : model.populations) result.neurons += one.size();
    for (const nir::Link& link : model.links) result.weights += link.map.weights();
    append(result.notes, graph.notes);
    append(result.notes, model.notes);
    append(result.notes, fixed.notes);
    return result;
}

}  // namespace seamount::importer
