#include "compiler/frontend/frontend.hpp"

#include <fmt/format.h>

#include <limits>
#include <vector>

#include "compiler/frontend/context/context.hpp"
#include "compiler/frontend/context/parts.hpp"
#include "compiler/frontend/context/units.hpp"
#include "compiler/frontend/inputs/inputs.hpp"
#include "compiler/frontend/network_keys.hpp"
#include "compiler/frontend/outputs.hpp"
#include "compiler/frontend/populations/populations.hpp"
#include "compiler/frontend/projections/auto_scale.hpp"
#include "compiler/frontend/projections/learning.hpp"
#include "compiler/frontend/projections/projections.hpp"
#include "compiler/frontend/readout.hpp"
#include "isa/yaml/yaml_kind.hpp"

namespace seamount::compiler {

namespace {

/// Inputs whose spikes go nowhere. Those that write into states have their target without one.
void warn_of_unused_inputs(const Network& network, Diagnostics& diagnostics) {
    std::vector<bool> used(network.inputs.size(), false);
    for (const Projection& projection : network.projections) {
        if (projection.from.is_input) used[projection.from.index] = true;
    }
    for (std::size_t i = 0; i < used.size(); ++i) {
        const isa::InputImage& input = network.inputs[i].image;
        if (used[i] || input.kind == isa::InputKind::kWrite ||
            input.kind == isa::InputKind::kReward) {
            continue;
        }
        diagnostics.warning("NET-UNUSED", input.where,
                            fmt::format("input '{}' drives nothing", input.name),
                            "no projection comes from it");
    }
}

/// Payloads that a projection does not take would be lost.
void refuse_lost_payloads(const Network& network, Diagnostics& diagnostics) {
    for (const Projection& projection : network.projections) {
        if (!projection.from.is_input || network.takes_payloads(projection)) continue;
        const isa::InputImage& input = network.inputs[projection.from.index].image;
        const bool counts = input.kind == isa::InputKind::kTimedEvents && input.events.counts;
        if (input.kind != isa::InputKind::kGraded && !counts) continue;
        diagnostics.error("NET-GRADED", projection.where,
                          fmt::format("projection '{}' takes no payloads, and what input '{}' says "
                                      "is in them ({})",
                                      projection.name, input.name,
                                      counts ? "events, graded: true" : "encode: graded"),
                          "say 'graded: true' if they multiply its weights");
    }
}

/// What populations keep belongs to the schedule of samples.
void keep_states(Network& network, Diagnostics& diagnostics) {
    isa::DatasetImage& dataset = network.dataset;
    for (std::size_t p = 0; p < network.populations.size(); ++p) {
        const Population& population = network.populations[p];
        if (population.resets && (dataset.samples == 0 || !dataset.reset)) {
            if (dataset.samples == 0 && diagnostics.has_errors()) continue;  // it may be left out
            diagnostics.error(
                "NET-RESET", *population.resets,
                dataset.samples == 0
                    ? fmt::format("population '{}' says what is reset between samples, the network "
                                  "has no dataset",
                                  population.name)
                    : fmt::format("population '{}' says what is reset between samples, the dataset "
                                  "says reset: false",
                                  population.name),
                "leave one of them out");
        }
        if (population.kept_states == 0) continue;
        dataset.kept.resize(network.populations.size());
        dataset.kept[p] = population.kept_states;
    }
}

/// Those that are read before the tree has its readers too: hints may propose them.
std::vector<std::string> names_of_keys(const yaml::Form& form) {
    std::vector<std::string> names;
    for (const yaml::Key& key : form.keys) names.push_back(key.name);
    return names;
}

void read_file(const YamlFile& file, const std::filesystem::path& neuron_library,
               std::uint64_t max_input, Diagnostics& diagnostics, Network& network) {
    using namespace frontend;
    const YamlNode& root = file.root();
    if (!root || !root.is_map()) {
        diagnostics.error("NET-EMPTY", {network.file, 1, 1}, "the file has no network",
                          "it must have at least 'populations:'");
        return;
    }
    if (!yaml::may_be(root, yaml::FileKind::kNetwork)) return;
    root.read("network", network.name);
    root.read("seed", network.seed);
    DataStore data{file, diagnostics, max_input};
    ProgramLibrary programs{file, neuron_library, diagnostics};
    Context context{file, diagnostics, data, programs, network};
    if (const YamlNode name = root["network"]; name.is_scalar()) {
        check_name(context, network.name, name.where());
    }
    read_dt(context, root);
    read_populations(context, root);
    read_views(context, root, SourceKind::kPopulation);
    read_inputs(context, root);
    read_views(context, root, SourceKind::kInput);
    read_learning(context, root);
    read_projections(context, root);
    keep_states(network, diagnostics);
    refuse_lost_payloads(network, diagnostics);
    if (!diagnostics.has_errors()) choose_scales(context);
    read_probes(context, root);
    read_readout(context, root);
    root.finish(names_of_keys(network_form()));
    network.files_read.merge(data.files());
    network.files_read.merge(programs.files());
    if (!diagnostics.has_errors()) warn_of_unused_inputs(network, diagnostics);
}

}  // namespace

Network read_network(const std::filesystem::path& file, const Settings& settings,
                     const std::filesystem::path& neuron_library, Diagnostics& diagnostics,
                     std::uint64_t max_input) {
    Network network;
    network.file = file.string();
    network.name = file.stem().string();
    network.files_read.insert(file);
    try {
        const YamlFile yaml = YamlFile::load_network(file, settings, network_form(), diagnostics);
        network.files_read.insert(yaml.files().begin(), yaml.files().end());
        read_file(yaml, neuron_library, max_input, diagnostics, network);
    } catch (const InputError& error) {
        diagnostics.add(error);
    }
    return network;
}

}  // namespace seamount::compiler
