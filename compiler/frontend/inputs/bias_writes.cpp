#include "compiler/frontend/inputs/bias_writes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "compiler/frontend/context/parts.hpp"
#include "compiler/frontend/context/values.hpp"
#include "compiler/frontend/inputs/dataset.hpp"

namespace seamount::compiler::frontend {

namespace {

bool depends_on(const isa::Expression& expression, const std::string& arg) {
    const auto& names = expression.names();
    return std::find(names.begin(), names.end(), arg) != names.end();
}

/// The state word whose initial value the argument decides.
const isa::WordDecl* written_word(const isa::Program& program, const std::string& arg,
                                  const YamlNode& where) {
    for (const isa::WordDecl& param : program.params) {
        if (!depends_on(param.initial, arg)) continue;
        where.error("NET-WRITE",
                    fmt::format("argument '{}' of neuron '{}' feeds parameter '{}', which the host "
                                "cannot write",
                                arg, program.name, param.name),
                    "only arguments that feed one state word can be driven");
        return nullptr;
    }
    const isa::WordDecl* word = nullptr;
    for (const isa::WordDecl& state : program.states) {
        if (!depends_on(state.initial, arg)) continue;
        if (word != nullptr) {
            where.error("NET-WRITE",
                        fmt::format("argument '{}' of neuron '{}' feeds more than one state word: "
                                    "'{}' and '{}'",
                                    arg, program.name, word->name, state.name));
            return nullptr;
        }
        word = &state;
    }
    if (word == nullptr) {
        where.error("NET-WRITE", fmt::format("argument '{}' of neuron '{}' feeds no state word",
                                             arg, program.name));
    }
    return word;
}

struct DrivenWord {
    std::uint32_t population;
    const isa::WordDecl& word;
    const std::vector<std::uint32_t>& neurons;  ///< within the population
};

/// False, with a message, if something else gives the word its value: of two writes to a neuron
/// the later one would win.
bool claim_word(Context& context, const DrivenWord& driven, const std::string& input,
                const YamlNode& where) {
    const Population& population = context.network.populations[driven.population];
    if (population.initial.contains(driven.word.name)) {
        where.error("NET-WRITE",
                    fmt::format("state word '{}' of population '{}' is driven before the first "
                                "step: its 'initial' value would never be seen",
                                driven.word.name, population.name),
                    "leave one of them out");
        return false;
    }
    auto& drivers =
        context.drivers[{driven.population, static_cast<std::uint32_t>(driven.word.index)}];
    for (const Context::Driver& other : drivers) {
        const bool apart =
            std::none_of(driven.neurons.begin(), driven.neurons.end(),
                         [&other](std::uint32_t neuron) { return other.neurons.contains(neuron); });
        if (apart) continue;
        where.error(
            "NET-WRITE",
            fmt::format("state word '{}' of population '{}' is driven by input '{}' already",
                        driven.word.name, population.name, other.input),
            "join the two inputs, or drive another argument");
        return false;
    }
    drivers.push_back({input, {driven.neurons.begin(), driven.neurons.end()}});
    return true;
}

/// Values of the argument, row-major rows x neurons (or one value for all), with the node to
/// report them at.
struct Drive {
    std::vector<std::int64_t> values;
    YamlNode where;
};

std::optional<Drive> read_drive(Context& context, const YamlNode& bias, const isa::ArgDecl& arg,
                                const isa::InputImage& image) {
    const std::uint32_t size = image.size;
    const ValueRange range{arg.name,
                           "neuron",
                           size,
                           static_cast<double>(arg.min),
                           static_cast<double>(arg.max),
                           ValueRange::of_input(context, image.shape)};
    const YamlNode dataset = bias["dataset"];
    if (!dataset) {
        auto values = read_integers(context, bias, range);
        if (!values) return std::nullopt;
        if (values->size() == 1) values->assign(size, values->front());
        return Drive{std::move(*values), bias};
    }
    bias.finish();
    const auto spec = read_dataset(context, dataset, DatasetUse::kValues);
    if (!spec) return std::nullopt;
    const std::uint64_t per_sample = spec->samples.count() / spec->samples.shape()[0];
    if (per_sample != size) {
        spec->samples_node.error(
            "NET-SHAPE",
            fmt::format("a sample has {} values for {} neurons; the array has shape {}", per_sample,
                        size, spec->samples.shape_text()));
        return std::nullopt;
    }
    ValueRange element = range;
    element.element = "element";
    element.making.reset();
    auto values = to_integers(spec->samples, spec->samples_node, element);
    if (!values) return std::nullopt;
    return Drive{std::move(*values), spec->samples_node};
}

/// False if an argument of the initial value is missing or bad, which has been reported.
bool has_values(const Population& population, const isa::WordDecl& word) {
    return std::all_of(
        word.initial.names().begin(), word.initial.names().end(), [&](const std::string& name) {
            const isa::ArgDecl* declared = population.program->find_arg(name);
            return population.args.contains(name) || (declared != nullptr && declared->initial);
        });
}

/// The state word's value when the argument is `value` for neuron `i`.
std::int64_t written_value(const Population& population, const isa::WordDecl& word,
                           const std::string& arg, std::int64_t value, std::uint32_t i) {
    return word.initial.evaluate([&](std::string_view name) -> std::int64_t {
        if (name == arg) return value;
        const auto given = population.args.find(std::string{name});
        if (given != population.args.end() && given->second.given()) return given->second.at(i);
        const isa::ArgDecl* declared = population.program->find_arg(name);
        if (declared == nullptr || !declared->initial) {
            throw isa::ExpressionError{fmt::format("'{}' has no value", name)};
        }
        return *declared->initial;
    });
}

void write_values(const Population& population, const DrivenWord& driven, const std::string& arg,
                  const Drive& drive, isa::InputImage& image) {
    const isa::WordDecl& word = driven.word;
    constexpr std::int64_t kMin = std::numeric_limits<std::int32_t>::min();
    constexpr std::int64_t kMax = std::numeric_limits<std::int32_t>::max();
    image.samples.reserve(drive.values.size());
    for (std::size_t k = 0; k < drive.values.size(); ++k) {
        const std::uint32_t neuron = driven.neurons[k % driven.neurons.size()];
        std::string fault;
        try {
            const std::int64_t value =
                written_value(population, word, arg, drive.values[k], neuron);
            if (value >= kMin && value <= kMax) {
                image.samples.push_back(static_cast<std::int32_t>(value));
                continue;
            }
            fault = fmt::format("is {}, which does not fit 32 bits", value);
        } catch (const isa::ExpressionError& error) {
            fault = fmt::format("cannot be evaluated: {}", error.what());
        }
        drive.where.error("NET-WRITE",
                          fmt::format("'{}' = {} of neuron {} with '{}' = {} {}", word.name,
                                      word.initial.text(), neuron, arg, drive.values[k], fault));
        return;
    }
}

}  // namespace

void read_bias_writes(Context& context, const YamlNode& node, isa::InputImage& image) {
    const YamlNode target = node.require("target");
    const YamlNode bias = node["bias"];
    const YamlNode arg_node = node["arg"];
    std::string arg = "bias";
    node.read("arg", arg);
    node.finish();
    if (!target) return;
    const auto end = find_population_end(context, target);
    if (!end) return;
    const std::uint32_t index = end->source.index;
    const Population& population = context.network.populations[index];
    const Part part = end->part ? *end->part : all_of(population.size, population.shape);
    image.size = static_cast<std::uint32_t>(part.indices.size());
    image.shape = part.shape;
    if (!population.program || population.size == 0) return;
    const YamlNode& named = arg_node ? arg_node : target;
    const isa::ArgDecl* declared = population.program->find_arg(arg);
    if (declared == nullptr) {
        std::vector<std::string> known;
        for (const isa::ArgDecl& each : population.program->args) known.push_back(each.name);
        named.error("NET-ARG",
                    fmt::format("neuron '{}' has no argument '{}'", population.program->name, arg),
                    suggest(arg, known));
        return;
    }
    const isa::WordDecl* word = written_word(*population.program, arg, named);
    const bool free =
        word != nullptr && claim_word(context, {index, *word, part.indices}, image.name, named);
    const auto drive = read_drive(context, bias, *declared, image);
    if (!free || !drive || !has_values(population, *word)) return;
    for (const std::uint32_t i : part.indices) {
        image.writes.push_back(
            {population.first_neuron + i, static_cast<std::uint32_t>(word->index)});
    }
    write_values(population, {index, *word, part.indices}, arg, *drive, image);
}

}  // namespace seamount::compiler::frontend
