#include "compiler/frontend/inputs/driven_word.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "compiler/frontend/context/parts.hpp"

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

/// False, with a message, if something else gives the word its value: of two writes to a neuron
/// the later one would win.
bool claim_word(Context& context, const DrivenWord& driven, const std::string& input,
                const YamlNode& where) {
    const Population& population = context.network.populations[driven.population];
    if (population.initial.contains(driven.word->name)) {
        where.error("NET-WRITE",
                    fmt::format("state word '{}' of population '{}' is driven before the first "
                                "step: its 'initial' value would never be seen",
                                driven.word->name, population.name),
                    "leave one of them out");
        return false;
    }
    auto& drivers =
        context.drivers[{driven.population, static_cast<std::uint32_t>(driven.word->index)}];
    for (const Context::Driver& other : drivers) {
        const bool apart =
            std::none_of(driven.neurons.begin(), driven.neurons.end(),
                         [&other](std::uint32_t neuron) { return other.neurons.contains(neuron); });
        if (apart) continue;
        where.error(
            "NET-WRITE",
            fmt::format("state word '{}' of population '{}' is driven by input '{}' already",
                        driven.word->name, population.name, other.input),
            "join the two inputs, or drive another argument");
        return false;
    }
    drivers.push_back({input, {driven.neurons.begin(), driven.neurons.end()}});
    return true;
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
std::int64_t value_of(const Population& population, const isa::WordDecl& word,
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

}  // namespace

std::optional<DrivenWord> read_driven_word(Context& context, const YamlNode& node,
                                           isa::InputImage& image) {
    DrivenWord driven;
    const YamlNode target = node.require("target");
    const YamlNode arg_node = node["arg"];
    driven.arg = "bias";
    node.read("arg", driven.arg);
    node.finish();
    if (!target) return std::nullopt;
    const auto end = find_population_end(context, target);
    if (!end) return std::nullopt;
    driven.population = end->source.index;
    const Population& population = context.network.populations[driven.population];
    Part part = end->part != nullptr ? *end->part : all_of(population.size, population.shape);
    image.size = static_cast<std::uint32_t>(part.indices.size());
    image.shape = std::move(part.shape);
    driven.neurons = std::move(part.indices);
    if (!population.program || population.size == 0) return std::nullopt;
    const YamlNode& named = arg_node ? arg_node : target;
    driven.declared = population.program->find_arg(driven.arg);
    if (driven.declared == nullptr) {
        std::vector<std::string> known;
        for (const isa::ArgDecl& each : population.program->args) known.push_back(each.name);
        named.error(
            "NET-ARG",
            fmt::format("neuron '{}' has no argument '{}'", population.program->name, driven.arg),
            suggest(driven.arg, known));
        return std::nullopt;
    }
    driven.word = written_word(*population.program, driven.arg, named);
    driven.usable = driven.word != nullptr && claim_word(context, driven, image.name, named) &&
                    has_values(population, *driven.word);
    if (!driven.usable) return driven;
    for (const std::uint32_t i : driven.neurons) {
        image.writes.push_back(
            {population.first_neuron + i, static_cast<std::uint32_t>(driven.word->index)});
    }
    return driven;
}

std::optional<std::int32_t> written_value(const Context& context, const DrivenWord& driven,
                                          std::size_t place, std::int64_t value,
                                          const YamlNode& where) {
    constexpr std::int64_t kMin = std::numeric_limits<std::int32_t>::min();
    constexpr std::int64_t kMax = std::numeric_limits<std::int32_t>::max();
    const Population& population = context.network.populations[driven.population];
    const std::uint32_t neuron = driven.neurons[place];
    std::string fault;
    try {
        const std::int64_t written = value_of(population, *driven.word, driven.arg, value, neuron);
        if (written >= kMin && written <= kMax) return static_cast<std::int32_t>(written);
        fault = fmt::format("is {}, which does not fit 32 bits", written);
    } catch (const isa::ExpressionError& error) {
        fault = fmt::format("cannot be evaluated: {}", error.what());
    }
    where.error("NET-WRITE",
                fmt::format("'{}' = {} of neuron {} with '{}' = {} {}", driven.word->name,
                            driven.word->initial.text(), neuron, driven.arg, value, fault));
    return std::nullopt;
}

}  // namespace seamount::compiler::frontend
