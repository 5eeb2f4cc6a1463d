#include "compiler/lower/words.hpp"

#include <fmt/format.h>

#include <limits>
#include <map>
#include <string_view>

#include "isa/base/assert.hpp"
#include "isa/base/text.hpp"

namespace seamount::compiler {
namespace {

struct HashWords {
    std::size_t operator()(const std::vector<std::int64_t>& words) const noexcept {
        std::uint64_t hash = 0xCBF29CE484222325U;
        for (const std::int64_t word : words) {
            hash = (hash ^ static_cast<std::uint64_t>(word)) * 0x9E3779B97F4A7C15U;
            hash ^= hash >> 29;
        }
        return hash;
    }
};

/// Counts the neurons for which a word has no value; the first one is named in the message.
struct Failures {
    std::uint32_t count = 0;
    std::uint32_t first = 0;
    std::string why;

    void add(std::uint32_t neuron, std::string reason) {
        if (count++ == 0) {
            first = neuron;
            why = std::move(reason);
        }
    }
};

}  // namespace

WordEvaluator::WordEvaluator(const Population& population, Diagnostics& diagnostics)
    : population_{population}, diagnostics_{diagnostics} {
    for (const isa::ArgDecl& arg : population.program->args) {
        Values<std::int64_t>& values = arguments_[arg.name];
        const auto given = population.args.find(arg.name);
        if (given != population.args.end() && given->second.given()) {
            values = given->second;
        } else if (arg.initial) {
            values.list = {*arg.initial};
        } else {
            diagnostics.error(
                "CMP-ARG", population.where,
                fmt::format("population '{}' gives no value for '{}', which program '{}' requires",
                            population.name, arg.name, population.program->name),
                fmt::format("add '{}' to its params, in [{}, {}]", arg.name, arg.min, arg.max));
            values.list = {arg.min};
        }
    }
}

bool WordEvaluator::varies(const std::string& name) const {
    const auto found = arguments_.find(name);
    SM_ASSERT(found != arguments_.end(), name);
    return !found->second.uniform();
}

std::int64_t WordEvaluator::argument(const std::string& name, std::uint32_t neuron) const {
    return arguments_.find(name)->second.at(neuron);
}

Values<std::int32_t> WordEvaluator::evaluate(const isa::WordDecl& word, const char* kind) {
    const std::vector<std::string>& names = word.initial.names();
    bool per_neuron = false;
    for (const std::string& name : names) per_neuron = varies(name) || per_neuron;

    Failures failures;
    std::vector<std::int64_t> inputs(names.size());
    const auto lookup = [&](std::string_view name) {
        for (std::size_t i = 0; i < names.size(); ++i) {
            if (names[i] == name) return inputs[i];
        }
        SM_ASSERT(false, name);
        return std::int64_t{0};
    };
    const auto compute = [&](std::uint32_t neuron) -> std::optional<std::int32_t> {
        constexpr std::int64_t low = std::numeric_limits<std::int32_t>::min();
        constexpr std::int64_t high = std::numeric_limits<std::int32_t>::max();
        try {
            const std::int64_t value = word.initial.evaluate(lookup);
            if (value >= low && value <= high) return static_cast<std::int32_t>(value);
            failures.add(neuron, fmt::format("is {}, must be in [{}, {}]", value, low, high));
        } catch (const isa::ExpressionError& error) {
            failures.add(neuron, fmt::format("has no value: {}", error.what()));
        }
        return std::nullopt;
    };

    Values<std::int32_t> result;
    const std::uint32_t count = per_neuron ? population_.size : 1;
    result.list.reserve(count);
    std::unordered_map<std::vector<std::int64_t>, std::optional<std::int32_t>, HashWords> known;
    for (std::uint32_t neuron = 0; neuron < count; ++neuron) {
        for (std::size_t i = 0; i < names.size(); ++i) inputs[i] = argument(names[i], neuron);
        const auto [place, is_new] = known.try_emplace(inputs);
        if (is_new) {
            place->second = compute(neuron);
        } else if (!place->second) {
            failures.add(neuron, {});
        }
        result.list.push_back(place->second.value_or(0));
    }
    if (failures.count != 0) {
        diagnostics_.error(
            "CMP-VALUE", population_.where,
            fmt::format("population '{}', neuron {}: {} '{}' = {} {} ({} such neuron{})",
                        population_.name, failures.first, kind, word.name, word.initial.text(),
                        failures.why, grouped(per_neuron ? failures.count : population_.size),
                        (per_neuron ? failures.count : population_.size) == 1 ? "" : "s"),
            "change the arguments that it is computed from");
    }
    return result;
}

}  // namespace seamount::compiler
