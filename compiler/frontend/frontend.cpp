#include "compiler/frontend/frontend.hpp"

#include <fmt/format.h>

#include <limits>
#include <vector>

#include "compiler/frontend/context/context.hpp"
#include "compiler/frontend/context/parts.hpp"
#include "compiler/frontend/context/units.hpp"
#include "compiler/frontend/inputs/inputs.hpp"
#include "compiler/frontend/outputs.hpp"
#include "compiler/frontend/populations/populations.hpp"
#include "compiler/frontend/projections/auto_scale.hpp"
#include "compiler/frontend/projections/learning.hpp"
#include "compiler/frontend/projections/projections.hpp"
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
    root.read("seed", network.seed, 0, std::numeric_limits<std::int64_t>::max());
    DataStore data{file, diagnostics, max_input};
    ProgramLibrary programs{file, neuron_library, diagnostics};
    Context context{file, diagnostics, data, programs, network};
    read_dt(context, root);
    read_populations(context, root);
    read_views(context, root, SourceKind::kPopulation);
    read_inputs(context, root);
    read_views(context, root, SourceKind::kInput);
    read_learning(context, root);
    read_projections(context, root);
    if (!diagnostics.has_errors()) choose_scales(context);
    read_probes(context, root);
    read_readout(context, root);
    root.finish();
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
        const YamlFile yaml = YamlFile::load_network(file, settings, diagnostics);
        read_file(yaml, neuron_library, max_input, diagnostics, network);
    } catch (const InputError& error) {
        diagnostics.add(error);
    }
    return network;
}

}  // namespace seamount::compiler
