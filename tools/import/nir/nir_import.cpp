#include "tools/import/nir/nir_import.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "compiler/frontend/inputs/bound_input.hpp"
#include "isa/image/image.hpp"
#include "tools/import/nir/fixed/emit.hpp"
#include "tools/import/nir/fixed/fixed.hpp"
#include "tools/import/nir/fold/model.hpp"
#include "tools/import/nir/graph/read_graph.hpp"
#include "tools/import/nir/graph/shapes.hpp"
#include "tools/import/nir/receipt/nir_receipt.hpp"
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
    for (const auto& [from, to] : options.rename) text += fmt::format(" --rename {}={}", from, to);
    return text;
}

void append(std::vector<std::string>& to, const std::vector<std::string>& from) {
    to.insert(to.end(), from.begin(), from.end());
}

/// The spikes of the files that --calibrate names, by step and input.
nir::SpikeTrain spikes_of(const nir::Model& model, const NirOptions& options, Diagnostics& found) {
    nir::SpikeTrain train;
    for (const std::string& assignment : options.calibrate) {
        const std::size_t equals = std::min(assignment.find('='), assignment.size());
        const std::string name = assignment.substr(0, equals);
        const auto input = std::find_if(model.inputs.begin(), model.inputs.end(),
                                        [&](const auto& one) { return one.name == name; });
        if (input == model.inputs.end() || equals + 1 >= assignment.size()) {
            std::vector<std::string> known;
            for (const nir::HostInput& one : model.inputs) known.push_back(one.name);
            found.error("IMP-OPTION", {"--calibrate", 0, 0},
                        fmt::format("'{}' is not INPUT=FILE", assignment),
                        fmt::format("inputs: {}", fmt::join(known, ", ")));
            continue;
        }
        isa::InputImage image;
        image.name = name;
        image.size = static_cast<std::uint32_t>(nir::elements(input->shape));
        try {
            (void)compiler::bind_spikes(assignment.substr(equals + 1), "--calibrate " + assignment,
                                        std::nullopt, image);
        } catch (const InputError& error) {
            found.add(error);
            continue;
        }
        for (std::size_t i = 0; i < image.spike_steps.size(); ++i) {
            const std::uint64_t step = image.spike_steps[i];
            if (step >= nir::kMostSteps) break;
            if (step >= train.size()) train.resize(step + 1);
            train[step].resize(model.inputs.size());
            train[step][static_cast<std::size_t>(input - model.inputs.begin())].push_back(
                image.spike_sources[i]);
        }
    }
    for (auto& step : train) step.resize(model.inputs.size());
    return train;
}

}  // namespace

std::vector<std::string> given(const NirOptions& options) {
    std::vector<std::string> names;
    if (options.dt) names.emplace_back("--dt");
    if (options.reset) names.emplace_back("--reset");
    if (options.discretisation != NirDiscretisation::kEuler) names.emplace_back("--discretise");
    if (options.scale) names.emplace_back("--scale");
    if (options.split_weights) names.emplace_back("--split-weights");
    if (!options.calibrate.empty()) names.emplace_back("--calibrate");
    if (options.graded) names.emplace_back("--graded");
    if (options.allow_open) names.emplace_back("--allow-open");
    if (!options.rename.empty()) names.emplace_back("--rename");
    return names;
}

Imported import_nir(const Hdf5File& file, const std::string& data, const NirOptions& options) {
    Diagnostics found;
    nir::Graph graph = nir::read_graph(file, options, found);
    found.throw_if_errors();
    nir::find_shapes(file, graph, found);
    found.throw_if_errors();
    nir::Model model = nir::fold(file, graph, options, found);
    found.throw_if_errors();
    nir::give_names(model);
    const bool aligned = options.like != NirLike::kLava;
    std::vector<nir::Activity> activity =
        options.calibrate.empty()
            ? nir::activity_on_noise(model, aligned)
            : nir::activity_on(model, aligned, spikes_of(model, options, found));
    found.throw_if_errors();
    nir::Fixed fixed = nir::to_integers(file, model, activity, options, found);
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
    result.receipt = std::make_shared<nir::NirReceipt>(
        nir::Conversion{file.path().string(), graph.version, options, std::move(model),
                        std::move(fixed), std::move(activity), result.notes});
    return result;
}

}  // namespace seamount::importer
