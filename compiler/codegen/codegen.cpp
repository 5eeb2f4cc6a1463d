#include "compiler/codegen/codegen.hpp"

#include <fmt/format.h>

#include <set>
#include <utility>

#include "compiler/codegen/compartments.hpp"
#include "compiler/codegen/synapse_memory.hpp"
#include "isa/base/diagnostic.hpp"

namespace seamount::compiler {
namespace {

isa::ProgramImage program_image(const isa::Program& program) {
    isa::ProgramImage image;
    image.name = program.name;
    image.file = program.file;
    image.words = program.words;
    image.lines = program.lines;
    for (const isa::WordDecl& word : program.params) image.params.push_back(word.name);
    for (const isa::WordDecl& word : program.states) image.states.push_back(word.name);
    image.accumulators = program.accumulators;
    image.combine = program.combine;
    for (const isa::ViewDecl& view : program.views) {
        image.views.push_back({view.name, view.value.text()});
    }
    return image;
}

/// Probes of cores are read before the network is mapped.
void reject_unused_cores(const isa::Image& image, const std::vector<SourceLocation>& places) {
    std::set<std::uint32_t> used;
    for (const isa::CoreImage& core : image.cores) used.insert(core.core.value());
    std::set<std::pair<SourceLocation, std::uint32_t>> reported;
    Diagnostics found;
    for (std::size_t i = 0; i < image.core_probes.size(); ++i) {
        const SourceLocation where = i < places.size() ? places[i] : SourceLocation{};
        for (const std::uint32_t core : image.core_probes[i].cores) {
            if (used.contains(core) || !reported.insert({where, core}).second) continue;
            found.error("NET-PROBE", where, fmt::format("core {} is not used", core),
                        "'seamount inspect' of the compiled network lists those that are");
        }
    }
    found.throw_if_errors();
}

}  // namespace

isa::Image generate(Lowered lowered, const Mapping& mapping, const isa::ChipSpec& chip) {
    isa::Image image;
    Network& network = lowered.network;
    image.network = std::move(network.name);
    image.chip = chip.resolved;
    image.seed = network.seed;
    for (const auto& program : lowered.programs) image.programs.push_back(program_image(*program));
    for (const Population& population : network.populations) {
        image.populations.push_back({population.name, population.first_neuron, population.size,
                                     population.shape, population.where});
    }
    for (const LoweredProjection& projection : lowered.projections) {
        image.projections.push_back({projection.name, network.source_name(projection.from),
                                     projection.to, projection.synapses.target.size(),
                                     projection.where});
    }
    // The network keeps the sizes of its inputs, which the fan-out walk needs.
    for (Input& input : network.inputs) {
        const std::uint32_t size = input.image.size;
        image.inputs.push_back(std::move(input.image));
        input.image.size = size;
    }
    image.dataset = std::move(network.dataset);
    image.readout = std::move(network.readout);
    image.probes = std::move(network.probes);
    image.core_probes = std::move(network.core_probes);
    image.weight_windows = std::move(network.weight_windows);
    image.learning = std::move(network.learning);
    image.learning.ties = network.ties();
    for (std::uint32_t p = 0; p < lowered.projections.size(); ++p) {
        const LoweredProjection& projection = lowered.projections[p];
        if (!projection.learning_rule) continue;
        image.learning.projections.push_back(
            {p, *projection.learning_rule, network.source_size(projection.from)});
    }

    const Layout layout = lay_out_compartments(lowered, mapping, image);
    reject_unused_cores(image, network.core_probe_places);
    write_synapse_memory(lowered, layout, image);
    return image;
}

}  // namespace seamount::compiler
