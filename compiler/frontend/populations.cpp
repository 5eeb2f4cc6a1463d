#include "compiler/frontend/populations.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "compiler/frontend/values.hpp"

namespace seamount::compiler::frontend {

namespace {

constexpr double kMaxCore = 65535;  ///< core numbers have 16 bits in the image

void read_argument(Context& context, const isa::ArgDecl& declared, const YamlNode& node,
                   Population& population) {
    auto values =
        read_integers(context, node,
                      {declared.name, "neuron", population.size, static_cast<double>(declared.min),
                       static_cast<double>(declared.max)});
    if (!values) return;
    collapse(*values);
    population.args[declared.name].list = std::move(*values);
}

void read_arguments(Context& context, const YamlNode& params, const YamlNode& owner,
                    Population& population) {
    const isa::Program& program = *population.program;
    std::vector<std::string> known;
    for (const isa::ArgDecl& arg : program.args) known.push_back(arg.name);
    std::vector<std::string> given;
    if (params && expect_map(params, "params")) {
        for (const auto& [name, node] : params.entries()) {
            given.push_back(name);
            if (const isa::ArgDecl* declared = program.find_arg(name)) {
                read_argument(context, *declared, node, population);
            } else {
                context.diagnostics.error(
                    "NET-ARG", params.where_key(name),
                    fmt::format("neuron '{}' has no argument '{}'", program.name, name),
                    suggest(name, known));
            }
        }
    }
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

void read_mapping(Context& context, const YamlNode& mapping, Population& population) {
    if (mapping.is_scalar()) {
        (void)mapping.choice("mapping", {"auto"});
        return;
    }
    if (!expect_map(mapping, "mapping")) return;
    const YamlNode fixed = mapping.require("fixed");
    mapping.finish();
    if (!fixed) return;
    auto cores = read_integers(context, fixed, {"core", "neuron", population.size, 0, kMaxCore});
    if (!cores) return;
    collapse(*cores);
    for (const std::int64_t core : *cores) {
        population.pinned.list.push_back(static_cast<std::uint32_t>(core));
    }
}

void read_population(Context& context, const YamlNode& node, Population& population) {
    if (!expect_map(node, population.name)) return;
    const auto extent = read_extent(context, node);
    if (extent) {
        population.size = extent->size;
        population.shape = extent->shape;
        const auto index = static_cast<std::uint32_t>(context.network.populations.size());
        if (extent->ids) context.ids[index] = extent->ids;
    }
    const YamlNode neuron = node.require("neuron");
    const YamlNode params = node["params"];
    const YamlNode mapping = node["mapping"];
    node.finish();
    if (neuron) population.program = context.programs.find(neuron);
    if (population.program) read_arguments(context, params, node, population);
    if (mapping) read_mapping(context, mapping, population);
}

}  // namespace

void read_populations(Context& context, const YamlNode& root) {
    const YamlNode populations = root.require("populations");
    if (!populations || !expect_map(populations, "populations")) return;
    const auto entries = populations.entries();
    if (entries.empty()) populations.error("NET-EMPTY", "the network has no population");
    std::uint64_t total = 0;
    for (const auto& [name, node] : entries) {
        const SourceLocation where = populations.where_key(name);
        if (!claim_name(context, name, SourceKind::kPopulation, where)) continue;
        Population population;
        population.name = name;
        population.where = where;
        population.first_neuron = static_cast<std::uint32_t>(total);
        read_population(context, node, population);
        total += population.size;
        const bool too_many = total > kMaxSize && total - population.size <= kMaxSize;
        context.network.populations.push_back(std::move(population));
        if (too_many) {
            context.diagnostics.error(
                "NET-SIZE", where,
                fmt::format("with population '{}' the network has {} neurons, the limit is {}",
                            name, total, kMaxSize));
        }
    }
}

}  // namespace seamount::compiler::frontend
