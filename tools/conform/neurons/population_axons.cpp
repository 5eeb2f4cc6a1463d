#include <fmt/core.h>

#include <algorithm>
#include <bit>

#include "emulator/machine/machine.hpp"
#include "isa/assembly/assembler.hpp"
#include "isa/base/assert.hpp"
#include "isa/base/json.hpp"
#include "isa/chip/chip_spec.hpp"
#include "isa/microcode/expression.hpp"
#include "tools/conform/neurons/cases.hpp"
#include "tools/conform/neurons/loihi1_neuron.hpp"
#include "tools/conform/vectors/case.hpp"
#include "tools/conform/vectors/network_parts.hpp"
#include "tools/conform/vectors/recorder.hpp"
#include "tools/conform/vectors/vector.hpp"

namespace seamount::conform {
namespace {

/// Folds the arguments of a program into the parameters and initial state of compartment `i`.
isa::NeuronGroup make_group(const isa::Program& program, const Arguments& arguments,
                            std::uint32_t i) {
    const auto lookup = [&](std::string_view name) -> std::int64_t {
        const auto given = arguments.find(std::string(name));
        if (given != arguments.end()) return given->second.at(i);
        const isa::ArgDecl* arg = program.find_arg(name);
        SM_ASSERT(arg != nullptr && arg->initial, name);
        return *arg->initial;
    };
    isa::NeuronGroup group;
    group.first = i;
    group.count = 1;
    for (const isa::WordDecl& param : program.params) {
        group.params.at(static_cast<std::size_t>(param.index)) =
            static_cast<std::int32_t>(param.initial.evaluate(lookup));
    }
    for (const isa::WordDecl& state : program.states) {
        group.state.push_back({static_cast<std::int32_t>(state.initial.evaluate(lookup))});
    }
    return group;
}

/// One group, or one per compartment if an argument differs.
std::vector<isa::NeuronGroup> make_groups(const isa::Program& program, const Arguments& arguments,
                                          std::uint32_t neurons) {
    std::vector<isa::NeuronGroup> groups{make_group(program, arguments, 0)};
    const bool uniform = std::all_of(arguments.begin(), arguments.end(),
                                     [](const auto& arg) { return arg.second.uniform(); });
    if (uniform) {
        groups.front().count = neurons;
        return groups;
    }
    for (std::uint32_t i = 1; i < neurons; ++i) groups.push_back(make_group(program, arguments, i));
    return groups;
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

using Rows = std::vector<std::vector<std::int64_t>>;  ///< [atom][synapse]

/// The checked tables of a vector.
struct Tables {
    std::vector<Rows> weights;              ///< effective, [set]
    std::vector<Rows> targets;              ///< relative to the axon's base, [set]
    std::vector<std::int64_t> set;          ///< of each axon
    std::vector<std::int64_t> base;         ///< of each axon; -1: unused
    std::vector<std::int64_t> source_axon;  ///< of each source; -1: unused
    std::vector<std::int64_t> source_atom;
};

std::vector<Rows> read_sets(const Json& file, const char* key, std::int64_t min, std::int64_t max) {
    std::vector<Rows> sets;
    for (const Json& set : filled_list(file, key)) {
        require(set.is_array() && !set.empty(), fmt::format("'{}' has an empty set", key));
        Rows& rows = sets.emplace_back();
        for (const Json& row : set) rows.push_back(wholes(row, key, min, max));
    }
    return sets;
}

void check_tables(const Tables& t, std::uint32_t neurons) {
    require(t.base.size() == t.set.size(), "'axon_base' and 'axon_to_weights' differ in length");
    require(t.weights.size() == t.targets.size(), "'weights_eff' and 'indices' differ in length");
    for (std::size_t set = 0; set < t.weights.size(); ++set) {
        require(t.weights[set].size() == t.targets[set].size(),
                "a set of 'weights_eff' and of 'indices' differ in length");
        for (std::size_t atom = 0; atom < t.weights[set].size(); ++atom) {
            require(t.weights[set][atom].size() == t.targets[set][atom].size(),
                    "a row of 'weights_eff' and of 'indices' differ in length");
        }
    }
    for (std::size_t axon = 0; axon < t.set.size(); ++axon) {
        if (t.base[axon] < 0) continue;
        for (const auto& row : t.targets[static_cast<std::size_t>(t.set[axon])]) {
            for (const std::int64_t target : row) {
                require(t.base[axon] + target < neurons,
                        fmt::format("axon {} reaches neuron {} of {}", axon, t.base[axon] + target,
                                    neurons));
            }
        }
    }
    for (std::size_t source = 0; source < t.source_axon.size(); ++source) {
        const std::int64_t axon = t.source_axon[source];
        if (axon < 0 || t.base[static_cast<std::size_t>(axon)] < 0) continue;
        const auto set = static_cast<std::size_t>(t.set[static_cast<std::size_t>(axon)]);
        require(static_cast<std::size_t>(t.source_atom[source]) < t.weights[set].size(),
                fmt::format("source {} has atom {}, its weights have {} rows", source,
                            t.source_atom[source], t.weights[set].size()));
    }
}

Tables read_tables(const Json& file, std::uint32_t neurons, std::uint32_t sources) {
    Tables t;
    const std::int64_t last = std::int64_t{neurons} - 1;
    t.weights = read_sets(file, "weights_eff", kMinWord, kMaxWord);
    t.targets = read_sets(file, "indices", 0, last);
    t.set = wholes(filled_list(file, "axon_to_weights"), "axon_to_weights", 0,
                   static_cast<std::int64_t>(t.weights.size()) - 1);
    t.base = wholes(member(file, "axon_base"), "axon_base", -1, last);
    t.source_axon = wholes_of_size(member(file, "cmap"), "cmap", sources, -1,
                                   static_cast<std::int64_t>(t.set.size()) - 1);
    t.source_atom = wholes_of_size(member(file, "atoms"), "atoms", sources, 0, 0xFFFF);
    check_tables(t, neurons);
    return t;
}

/// The smallest exponent with which mantissas of 8 bits and sign give all weights.
int common_exponent(const std::vector<Rows>& sets) {
    const auto fits = [&sets](int exponent) {
        for (const Rows& rows : sets) {
            for (const auto& row : rows) {
                for (const std::int64_t weight : row) {
                    const std::int64_t unit = std::int64_t{64} << exponent;
                    if (weight % unit != 0 || weight / unit < -256 || weight / unit > 255) {
                        return false;
                    }
                }
            }
        }
        return true;
    };
    for (int exponent = 0; exponent <= 7; ++exponent) {
        if (fits(exponent)) return exponent;
    }
    bad_vector("no exponent in [0, 7] and mantissas in [-256, 255] give all of 'weights_eff'");
}

/// Weight sets become rows that axons share; an axon selects its set and adds its base, a packet
/// its atom.
isa::CoreImage make_core(const Tables& t, std::uint32_t neurons) {
    isa::CoreImage core;
    const int exponent = common_exponent(t.weights);
    core.formats.push_back({.weight_exponent = static_cast<std::int8_t>(exponent),
                            .index_bits = static_cast<std::uint8_t>(
                                std::max(6, static_cast<int>(std::bit_width(neurons - 1))))});
    std::vector<std::uint32_t> first_row_of_set;
    for (std::size_t set = 0; set < t.weights.size(); ++set) {
        first_row_of_set.push_back(static_cast<std::uint32_t>(core.rows.size()));
        for (std::size_t atom = 0; atom < t.weights[set].size(); ++atom) {
            const auto& weights = t.weights[set][atom];
            core.rows.push_back(static_cast<std::uint32_t>(core.synapses.size()));
            core.synapses.push_back(
                isa::BlockHeader::pack(true, 0, static_cast<std::uint32_t>(weights.size())));
            for (std::size_t j = 0; j < weights.size(); ++j) {
                const std::int64_t unit = std::int64_t{64} << exponent;
                core.synapses.push_back(
                    isa::SynapseWord::pack(static_cast<std::int32_t>(weights[j] / unit), 0,
                                           static_cast<std::uint32_t>(t.targets[set][atom][j])));
            }
        }
    }
    for (std::size_t axon = 0; axon < t.set.size(); ++axon) {
        const auto set = static_cast<std::size_t>(t.set[axon]);
        core.input_axons.push_back(
            {first_row_of_set[set], static_cast<std::uint16_t>(t.weights[set].size()),
             static_cast<std::uint16_t>(std::max<std::int64_t>(t.base[axon], 0))});
    }
    return core;
}

isa::InputImage make_input(const Json& file, const Tables& t) {
    isa::InputImage input;
    input.name = "sources";
    input.size = static_cast<std::uint32_t>(t.source_axon.size());
    input.shape = {input.size};
    for (const auto& [step, source] : read_input_spikes(file)) {
        require(source < input.size,
                fmt::format("input spike of source {}, but there are {}", source, input.size));
        input.spike_steps.push_back(step);
        input.spike_sources.push_back(source);
    }
    input.output_first.push_back(0);
    for (std::size_t source = 0; source < input.size; ++source) {
        const std::int64_t axon = t.source_axon[source];
        if (axon >= 0 && t.base[static_cast<std::size_t>(axon)] >= 0) {
            input.outputs.push_back({CoreId{0}, static_cast<std::uint16_t>(axon),
                                     static_cast<std::uint16_t>(t.source_atom[source]), 0, 0});
        }
        input.output_first.push_back(static_cast<std::uint32_t>(input.outputs.size()));
    }
    return input;
}

}  // namespace

Outcome run_population_axons(const Json& file, const Context& context) {
    const isa::Program program =
        isa::assemble_file(context.options.neuron_library / "loihi1_cuba.asm");
    constexpr std::int64_t kMaxCompartments = 1024;
    const auto neurons = static_cast<std::uint32_t>(whole_at(file, "n", 1, kMaxCompartments));
    const auto sources = static_cast<std::uint32_t>(whole_at(file, "n_sources", 1, 0xFFFF));
    const std::uint64_t steps = steps_to_run(file);
    require(steps * neurons <= kMaxWords, "more than 2^27 voltages to compare");
    const Arguments arguments = loihi1_arguments(program, member(file, "neuron"), neurons);
    const Tables tables = read_tables(file, neurons, sources);
    isa::Image image;
    image.network = "population axons";
    image.chip = isa::ChipSpec::load(context.options.chip).resolved;
    image.programs.push_back(program_image(program));
    image.populations.push_back({"neurons", NeuronId{0}, neurons, {neurons}, {}});
    isa::CoreImage core = make_core(tables, neurons);
    core.groups = make_groups(program, arguments, neurons);
    for (std::uint32_t i = 0; i < neurons; ++i) core.neurons.emplace_back(i);
    core.output_first.assign(neurons + 1, 0);
    image.cores.push_back(std::move(core));
    image.inputs.push_back(make_input(file, tables));

    const isa::Image loaded = isa::deserialize(isa::serialize(image), image.network);
    emu::Machine machine(loaded, {});
    Recorder recorder(loaded, machine, file);
    recorder.run(steps);
    return recorder.compare(steps);
}

}  // namespace seamount::conform
