#include "compiler/frontend/populations/initial_state.hpp"

#include <fmt/format.h>

#include <limits>

#include "compiler/frontend/context/values.hpp"

namespace seamount::compiler::frontend {
namespace {

/// Random numbers of state words have places behind those of all arguments.
constexpr std::uint32_t kFirstWord = 0x10000;

/// False, with a message, if the word starts with what something else decides.
bool is_free(const Population& population, const isa::WordDecl& word, const YamlNode& where) {
    if (population.parent && word.name == kParentWord) {
        where.error("NET-INITIAL",
                    fmt::format("state word '{}' follows from the tree of compartments", word.name),
                    "leave it out");
        return false;
    }
    for (const std::string& arg : word.initial.names()) {
        if (!population.args.contains(arg)) continue;
        where.error("NET-INITIAL",
                    fmt::format("state word '{}' has two initial values: this one, and '{}', which "
                                "follows from '{}' of params",
                                word.name, word.initial.text(), arg),
                    "leave one of them out");
        return false;
    }
    return true;
}

const isa::WordDecl* find_word(const Context& context, const Population& population,
                               const std::string& name, const SourceLocation& where) {
    const isa::Program& program = *population.program;
    if (const isa::WordDecl* const word = program.find_state(name)) return word;
    std::vector<std::string> known;
    for (const isa::WordDecl& word : program.states) known.push_back(word.name);
    const bool is_arg = program.find_arg(name) != nullptr;
    context.diagnostics.error(
        "NET-INITIAL", where, fmt::format("neuron '{}' has no state word '{}'", program.name, name),
        is_arg ? fmt::format("'{}' is an argument: it belongs to params", name)
               : suggest(name, known));
    return nullptr;
}

}  // namespace

void read_initial_state(Context& context, const YamlNode& initial, Population& population) {
    if (!expect_map(initial, "initial")) return;
    if (context.auto_scaled.contains(population.name)) {
        initial.error("NET-SCALE",
                      fmt::format("population '{}' has initial states, which count in units of the "
                                  "chip, and a scale that is chosen",
                                  population.name),
                      "give the projections to it a number as scale");
        return;
    }
    constexpr double kMin = std::numeric_limits<std::int32_t>::min();
    constexpr double kMax = std::numeric_limits<std::int32_t>::max();
    for (const auto& [name, node] : initial.entries()) {
        const isa::WordDecl* const word =
            find_word(context, population, name, initial.where_key(name));
        if (word == nullptr || !is_free(population, *word, node)) continue;
        const auto index = static_cast<std::uint32_t>(context.network.populations.size());
        const ValueRange::Making making{population.shape, index,
                                        kFirstWord + static_cast<std::uint32_t>(word->index)};
        auto values =
            read_integers(context, node, {name, "neuron", population.size, kMin, kMax, making});
        if (!values) continue;
        collapse(*values);
        auto& list = population.initial[name].list;
        for (const std::int64_t value : *values) list.push_back(static_cast<std::int32_t>(value));
    }
}

}  // namespace seamount::compiler::frontend
