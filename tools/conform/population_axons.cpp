#include <algorithm>
#include <array>
#include <memory>

#include "emulator/machine/machine.hpp"
#include "isa/assembler.hpp"
#include "isa/assert.hpp"
#include "isa/expression.hpp"
#include "isa/spec/chip_spec.hpp"
#include "tools/conform/case.hpp"
#include "tools/conform/recorder.hpp"

namespace seamount::conform {
namespace {

/// Folds the arguments of a program into parameter and initial state values.
isa::NeuronGroup make_group(const isa::Program& program, const Json& neuron, std::uint32_t count) {
    const auto lookup = [&](std::string_view name) -> std::int64_t {
        if (name == "decay_u") return neuron.at("decay_u_eff");
        if (name == "decay_v") return neuron.at("decay_v_eff");
        if (name == "vth") return neuron.at("vth_mant");
        if (name == "refract") return neuron.at("refract");
        if (name == "bias") return neuron.at("bias_mant");
        if (name == "bias_exp") return neuron.at("bias_exp");
        const isa::ArgDecl* arg = program.find_arg(name);
        SM_ASSERT(arg != nullptr && arg->initial, name);
        return *arg->initial;
    };
    isa::NeuronGroup group;
    group.count = count;
    for (const isa::WordDecl& param : program.params) {
        group.params.at(static_cast<std::size_t>(param.index)) =
            static_cast<std::int32_t>(param.initial.evaluate(lookup));
    }
    for (const isa::WordDecl& state : program.states) {
        group.state.push_back({static_cast<std::int32_t>(state.initial.evaluate(lookup))});
    }
    return group;
}

template <class T>
std::vector<std::string> names_of(const std::vector<T>& declarations) {
    std::vector<std::string> names;
    for (const T& declaration : declarations) names.push_back(declaration.name);
    return names;
}

isa::ProgramImage program_image(const isa::Program& program) {
    isa::ProgramImage image;
    image.name = program.name;
    image.words = program.words;
    image.lines = program.lines;
    image.params = names_of(program.params);
    image.states = names_of(program.states);
    image.accumulators = program.accumulators;
    for (const isa::ViewDecl& view : program.views)
        image.views.push_back({view.name, view.value.text()});
    return image;
}

/// Weight sets become rows that axons share; an axon selects its set and adds its base, a packet
/// its atom.
isa::CoreImage make_core(const Json& file) {
    isa::CoreImage core;
    core.formats.push_back({.index_bits = 6});
    std::vector<std::uint32_t> first_row_of_set;
    const Json& sets = file.at("weights_eff");
    for (std::size_t set = 0; set < sets.size(); ++set) {
        first_row_of_set.push_back(static_cast<std::uint32_t>(core.rows.size()));
        for (std::size_t atom = 0; atom < sets[set].size(); ++atom) {
            const Json& weights = sets[set][atom];
            const Json& targets = file.at("indices").at(set).at(atom);
            core.rows.push_back(static_cast<std::uint32_t>(core.synapses.size()));
            core.synapses.push_back(
                isa::BlockHeader::pack(true, 0, static_cast<std::uint32_t>(weights.size())));
            for (std::size_t j = 0; j < weights.size(); ++j) {
                core.synapses.push_back(isa::SynapseWord::pack(
                    weights[j].get<std::int32_t>() / 64, 0, targets.at(j).get<std::uint32_t>()));
            }
        }
    }
    const Json& set_of_axon = file.at("axon_to_weights");
    for (std::size_t axon = 0; axon < set_of_axon.size(); ++axon) {
        const auto set = set_of_axon[axon].get<std::size_t>();
        const auto base = file.at("axon_base").at(axon).get<std::int32_t>();
        core.input_axons.push_back({first_row_of_set.at(set),
                                    static_cast<std::uint16_t>(sets[set].size()),
                                    static_cast<std::uint16_t>(std::max(base, 0))});
    }
    return core;
}

isa::InputImage make_input(const Json& file) {
    isa::InputImage input;
    input.name = "sources";
    input.size = file.at("n_sources");
    input.shape = {input.size};
    std::vector<std::array<std::uint32_t, 2>> spikes = file.at("input_spikes");
    std::sort(spikes.begin(), spikes.end());
    for (const auto& [step, source] : spikes) {
        input.spike_steps.push_back(step);
        input.spike_sources.push_back(source);
    }
    const std::vector<std::int32_t> axon_of = file.at("cmap");
    const std::vector<std::uint16_t> atoms = file.at("atoms");
    const std::vector<std::int32_t> base = file.at("axon_base");
    input.output_first.push_back(0);
    for (std::size_t source = 0; source < input.size; ++source) {
        const std::int32_t axon = axon_of.at(source);
        const bool used = axon >= 0 && base.at(static_cast<std::size_t>(axon)) >= 0;  // -1: unused
        if (used)
            input.outputs.push_back({0, static_cast<std::uint16_t>(axon), atoms.at(source), 0, 0});
        input.output_first.push_back(static_cast<std::uint32_t>(input.outputs.size()));
    }
    return input;
}

}  // namespace

Outcome run_population_axons(const Json& file, const Context& context) {
    const isa::Program program =
        isa::assemble_file(context.options.neuron_library / "loihi1_cuba.asm");
    const std::uint32_t neurons = file.at("n");
    isa::Image image;
    image.network = "population axons";
    image.chip = isa::ChipSpec::load(context.options.chip).resolved;
    image.programs.push_back(program_image(program));
    image.populations.push_back({"neurons", 0, neurons, {neurons}, {}});
    isa::CoreImage core = make_core(file);
    core.groups.push_back(make_group(program, file.at("neuron"), neurons));
    for (std::uint32_t i = 0; i < neurons; ++i) core.neurons.push_back(i);
    core.output_first.assign(neurons + 1, 0);
    image.cores.push_back(std::move(core));
    image.inputs.push_back(make_input(file));

    const isa::Image loaded = isa::deserialize(isa::serialize(image), image.network);
    emu::Machine machine(loaded, {});
    Recorder recorder(loaded, machine);
    recorder.run(file.at("steps"));
    return recorder.compare(file);
}

}  // namespace seamount::conform
