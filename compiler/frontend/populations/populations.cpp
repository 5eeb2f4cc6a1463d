#include "compiler/frontend/populations/populations.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "compiler/frontend/context/parts.hpp"
#include "compiler/frontend/context/units.hpp"
#include "compiler/frontend/context/values.hpp"
#include "compiler/frontend/populations/compartments.hpp"
#include "compiler/frontend/populations/initial_state.hpp"

namespace seamount::compiler::frontend {

namespace {

constexpr double kLargestScaled = 1e9;  ///< of an argument in weights

/// Which values are made, of an argument of the next population of the network.
ValueRange::Making making_of(const Context& context, const isa::ArgDecl& declared,
                             const Population& population) {
    const auto index = static_cast<std::uint32_t>(context.network.populations.size());
    const auto place = &declared - population.program->args.data();
    return {population.shape, index, static_cast<std::uint32_t>(place)};
}

void read_argument(Context& context, const isa::ArgDecl& declared, const YamlNode& node,
                   Population& population) {
    if (declared.time) take_argument(context, node, declared.name, *declared.time);
    auto values = read_integers(
        context, node,
        {declared.name, "neuron", population.size, static_cast<double>(declared.min),
         static_cast<double>(declared.max), making_of(context, declared, population)});
    if (!values) return;
    collapse(*values);
    population.args[declared.name].list = std::move(*values);
}

/// One that counts in weights, of a population whose scale is chosen: a number as the weights are.
void read_scaled_argument(Context& context, const isa::ArgDecl& declared, const YamlNode& node,
                          const Population& population) {
    const double least = declared.min < 0 ? -kLargestScaled : 0.0;
    auto values = read_numbers(context, node,
                               {declared.name, "neuron", population.size, least, kLargestScaled,
                                making_of(context, declared, population)});
    if (!values) return;
    collapse(*values);
    const auto index = static_cast<std::uint32_t>(context.network.populations.size());
    context.scaled_arguments[index][declared.name] = std::move(*values);
}

/// Arguments that are not given and those that are chosen, of a population whose scale is chosen.
void check_scaled(const std::vector<std::string>& given, const YamlNode& where,
                  const isa::Program& program) {
    const auto is_given = [&given](const std::string& name) {
        return std::find(given.begin(), given.end(), name) != given.end();
    };
    for (const isa::ArgDecl& arg : program.args) {
        if (!arg.scale) continue;
        if (arg.initial.value_or(0) != 0 && !is_given(arg.name)) {
            where.error(
                "NET-SCALE",
                fmt::format("'{}' must be given: its default of {} is in units of the chip, "
                            "and scale: auto chooses what a weight of 1 is there",
                            arg.name, *arg.initial));
        }
        if (!arg.scale->exponent.empty() && is_given(arg.scale->exponent)) {
            where.error("NET-SCALE",
                        fmt::format("'{}' is chosen together with the scale", arg.scale->exponent),
                        fmt::format("leave it out; '{}' counts in weights", arg.name));
        }
    }
}

void read_arguments(Context& context, const YamlNode& params, const YamlNode& owner,
                    Population& population) {
    const isa::Program& program = *population.program;
    const bool chosen = context.auto_scaled.contains(population.name);
    std::vector<std::string> known;
    for (const isa::ArgDecl& arg : program.args) known.push_back(arg.name);
    std::vector<std::string> given;
    if (params && expect_map(params, "params")) {
        for (const auto& [name, node] : params.entries()) {
            given.push_back(name);
            if (const isa::ArgDecl* declared = program.find_arg(name)) {
                if (chosen && declared->scale) {
                    read_scaled_argument(context, *declared, node, population);
                } else {
                    read_argument(context, *declared, node, population);
                }
            } else {
                params.error_at(name, "NET-ARG",
                                fmt::format("neuron '{}' has no argument '{}'", program.name, name),
                                suggest(name, known));
            }
        }
    }
    if (params && !params.is_map()) return;
    if (chosen) check_scaled(given, params ? params : owner, program);
    for (const isa::ArgDecl& arg : program.args) {
        if (arg.initial || std::find(given.begin(), given.end(), arg.name) != given.end()) continue;
        (params ? params : owner)
            .error("NET-ARG",
                   fmt::format("argument '{}' of neuron '{}' has no default and must be given",
                               arg.name, program.name),
                   arg.doc.empty()
                       ? std::string{}
                       : fmt::format("{}: {}, {}..{}", arg.name, arg.doc, arg.min, arg.max));
    }
}

/// `cores: [3, 4]` or `tiles: [x, y, width, height]`.
void read_region(const YamlNode& list, bool are_tiles, Population& population) {
    if (!expect_sequence(list, are_tiles ? "tiles" : "cores")) return;
    const std::vector<YamlNode> items = list.items();
    if (are_tiles ? items.size() != 4 : items.empty()) {
        list.error("NET-SHAPE",
                   are_tiles ? fmt::format("'tiles' has {} numbers, must have 4", items.size())
                             : std::string{"'cores' names no core"},
                   are_tiles ? "tiles: [x, y, width, height]" : "cores: [0, 1]");
        return;
    }
    std::vector<std::uint32_t> numbers;
    for (std::size_t i = 0; i < items.size(); ++i) {
        const std::int64_t least = are_tiles && i >= 2 ? 1 : 0;
        const auto number = items[i].integer(are_tiles ? "tiles" : "core", least, kMaxCore);
        if (!number) return;
        numbers.push_back(static_cast<std::uint32_t>(*number));
    }
    Region& region = population.region.emplace();
    region.where = list.where();
    if (are_tiles) {
        region.tiles = {numbers[0], numbers[1], numbers[2], numbers[3]};
    } else {
        for (const std::uint32_t core : numbers) region.cores.emplace_back(core);
    }
}

void read_mapping(Context& context, const YamlNode& mapping, Population& population) {
    if (mapping.is_scalar()) {
        (void)mapping.choice("mapping", {"auto"});
        return;
    }
    if (!expect_map(mapping, "mapping")) return;
    for (const char* const key : {"tiles", "cores"}) {
        const YamlNode list = mapping[key];
        if (!list) continue;
        mapping.finish();
        return read_region(list, key == std::string_view{"tiles"}, population);
    }
    const YamlNode fixed = mapping.require("fixed");
    mapping.finish();
    if (!fixed) return;
    auto cores =
        read_integers(context, fixed, {"core", "neuron", population.size, 0, double{kMaxCore}});
    if (!cores) return;
    collapse(*cores);
    for (const std::int64_t core : *cores) {
        population.pinned.list.emplace_back(static_cast<std::uint32_t>(core));
    }
}

/// `reset: [v, u]`: the state words that start anew with a sample; `true` (all) or `false` (none).
void read_reset(const YamlNode& node, Population& population) {
    population.resets = node.where();
    if (!population.program) return;
    const std::vector<isa::WordDecl>& states = population.program->states;
    std::uint32_t all = 0;
    std::vector<std::string> known;
    for (const isa::WordDecl& word : states) {
        all |= 1U << static_cast<unsigned>(word.index);
        known.push_back(word.name);
    }
    if (node.is_scalar()) {
        const std::optional<bool> every = node.boolean("reset");
        population.kept_states = every.value_or(true) ? 0U : all;
        return;
    }
    if (!expect_sequence(node, "reset")) return;
    population.kept_states = all;
    for (const YamlNode& item : node.items()) {
        if (!item.is_scalar()) {
            item.error("NET-RESET", "a state word is named here");
        } else if (const isa::WordDecl* word = population.program->find_state(item.text())) {
            population.kept_states &= ~(1U << static_cast<unsigned>(word->index));
        } else {
            item.error("NET-RESET",
                       fmt::format("neuron '{}' has no state word '{}'", population.program->name,
                                   item.text()),
                       suggest(item.text(), known));
        }
    }
}

/// Program, arguments and cores of a population whose extent is known.
void read_neurons(Context& context, const YamlNode& node, const YamlNode& mapping,
                  Population& population) {
    const YamlNode neuron = node.require("neuron");
    const YamlNode params = node["params"];
    const YamlNode initial = node["initial"];
    const YamlNode reset = node["reset"];
    node.finish();
    if (neuron) population.program = context.programs.find(neuron);
    if (population.program) {
        read_arguments(context, params, node, population);
        if (initial) read_initial_state(context, initial, population);
    }
    if (reset) read_reset(reset, population);
    if (mapping) read_mapping(context, mapping, population);
}

/// For the next population of the network.
void take_extent(Context& context, const std::optional<Extent>& extent, Population& population) {
    if (!extent) return;
    const auto index = static_cast<std::uint32_t>(context.network.populations.size());
    if (extent->ids) context.ids[index] = extent->ids;
    population.size = extent->size;
    population.shape = extent->shape;
}

/// Appends populations to the network and keeps count of the neurons.
class Appender {
public:
    explicit Appender(Context& context) : context_{context} {}

    void append(Population population) {
        population.first_neuron = NeuronId{static_cast<std::uint32_t>(total_)};
        total_ += population.size;
        if (total_ > kMaxSize && total_ - population.size <= kMaxSize) {
            context_.diagnostics.error(
                "NET-SIZE", population.where,
                fmt::format("with population '{}' the network has {} neurons, the limit is {}",
                            population.name, total_, kMaxSize));
        }
        context_.network.populations.push_back(std::move(population));
    }

private:
    Context& context_;
    std::uint64_t total_ = 0;
};

/// A population of cells: one population for each compartment.
void read_cells(Context& context, const std::string& name, const YamlNode& node,
                Appender& appender) {
    const auto extent = read_extent(context, node);
    const std::vector<CompartmentEntry> entries = read_compartments(node["compartments"]);
    const YamlNode mapping = node["mapping"];
    node.finish();
    const auto first = static_cast<std::uint32_t>(context.network.populations.size());
    for (std::uint32_t i = 0; i < entries.size(); ++i) {
        const CompartmentEntry& entry = entries[i];
        Population population;
        population.name = name + '.' + entry.name;
        population.where = entry.node.where();
        take_extent(context, extent, population);
        if (entry.parent != i) population.parent = first + entry.parent;
        read_neurons(context, entry.node, mapping, population);
        bind_compartment(entry, entry.parent == i, population);
        if (!claim_name(context, population.name, SourceKind::kPopulation, population.where))
            return;
        appender.append(std::move(population));
    }
}

void read_population(Context& context, const std::string& name, const YamlNode& node,
                     const SourceLocation& where, Appender& appender) {
    if (expect_map(node, name) && node["compartments"]) {
        return read_cells(context, name, node, appender);
    }
    if (!claim_name(context, name, SourceKind::kPopulation, where)) return;
    Population population;
    population.name = name;
    population.where = where;
    if (node.is_map()) {
        take_extent(context, read_extent(context, node), population);
        read_neurons(context, node, node["mapping"], population);
    }
    appender.append(std::move(population));
}

}  // namespace

void read_populations(Context& context, const YamlNode& root) {
    const YamlNode populations = root.require("populations");
    if (!populations || !expect_map(populations, "populations")) return;
    const auto entries = populations.entries();
    if (entries.empty()) populations.error("NET-EMPTY", "the network has no population");
    // Their arguments are read otherwise.
    if (const YamlNode projections = root["projections"]; projections.is_sequence()) {
        for (const YamlNode& projection : projections.items()) {
            if (!projection.is_map() || !has_auto_scale(projection)) continue;
            if (const YamlNode to = projection["to"]; to.is_scalar()) {
                context.auto_scaled.insert(name_of_whole(root, to.text()));
            }
        }
    }
    Appender appender{context};
    for (const auto& [name, node] : entries) {
        read_population(context, name, node, populations.where_key(name), appender);
    }
}

}  // namespace seamount::compiler::frontend
