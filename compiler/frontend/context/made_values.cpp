#include "compiler/frontend/context/made_values.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <functional>

#include "compiler/frontend/rows/values/distributions.hpp"
#include "compiler/frontend/rows/values/formula.hpp"
#include "isa/base/random_domain.hpp"

namespace seamount::compiler::frontend {

namespace {

enum class Made : std::uint8_t { kFormula, kUniform, kNormal };
constexpr auto kMadeNames = name_table<Made>({
    {Made::kFormula, "formula"},
    {Made::kUniform, "uniform"},
    {Made::kNormal, "normal"},
});

using Maker = std::function<double(std::uint32_t)>;

/// [a, b] of `uniform` and `normal`.
struct Pair {
    double first;
    double second;
};
struct PairRange {
    const char* name;
    double min;
    double max;
};

std::optional<Pair> read_pair(const YamlNode& node, const PairRange& first, const PairRange& second,
                              bool integers) {
    const auto items = node.is_sequence() ? node.items() : std::vector<YamlNode>{};
    if (items.size() != 2) {
        node.error("YML-TYPE", fmt::format("must be a list [{}, {}]", first.name, second.name));
        return std::nullopt;
    }
    const auto read = [integers](const YamlNode& item, const PairRange& range) {
        if (!integers) return item.number(range.name, range.min, range.max);
        const auto whole = item.integer(range.name, static_cast<std::int64_t>(range.min),
                                        static_cast<std::int64_t>(range.max));
        return whole ? std::optional{static_cast<double>(*whole)} : std::nullopt;
    };
    const auto a = read(items[0], first);
    const auto b = read(items[1], second);
    if (!a || !b) return std::nullopt;
    return Pair{*a, *b};
}

/// The uniform numbers of the neurons of one argument.
std::function<UniformDraw(std::uint32_t)> draws_of(const Context& context,
                                                   const ValueRange::Making& making) {
    const RandomStream random{RandomDomain::kNeurons, context.network.seed, 0};
    return [random, making](std::uint32_t neuron) {
        return draw_of(random.block(neuron, making.argument, making.population));
    };
}

std::optional<Maker> uniform_maker(const Context& context, const YamlNode& node,
                                   const ValueRange& range, bool integers) {
    const auto ends = read_pair(node, {"lowest", range.min, range.max},
                                {"highest", range.min, range.max}, integers);
    if (!ends) return std::nullopt;
    const auto [low, high] = *ends;
    if (low > high) {
        node.error("NET-VALUE",
                   fmt::format("the lowest value {} is above the highest {}", low, high));
        return std::nullopt;
    }
    const auto draw = draws_of(context, *range.making);
    if (!integers) {
        return [draw, low = low, width = high - low](std::uint32_t neuron) {
            return low + width * uniform_unit(draw(neuron).first);
        };
    }
    return [draw, low = low,
            count = static_cast<std::uint64_t>(high - low) + 1](std::uint32_t neuron) {
        return low + static_cast<double>(uniform_below(draw(neuron).first, count));
    };
}

std::optional<Maker> normal_maker(const Context& context, const YamlNode& node,
                                  const ValueRange& range) {
    const auto pair = read_pair(node, {"mean", range.min, range.max},
                                {"standard deviation", 0.0, range.max - range.min}, false);
    if (!pair) return std::nullopt;
    return [draw = draws_of(context, *range.making), pair = *pair](std::uint32_t neuron) {
        return normal_number(draw(neuron), pair.first, pair.second);
    };
}

std::optional<Maker> maker_of(const Context& context, const YamlNode& node, const ValueRange& range,
                              bool integers) {
    if (const YamlNode ends = node["uniform"]) {
        return uniform_maker(context, ends, range, integers);
    }
    if (const YamlNode pair = node["normal"]) return normal_maker(context, pair, range);
    const std::string text = node["formula"].text();
    if (text.empty() && context.diagnostics.has_errors()) return std::nullopt;
    return formula_of_neuron(text, range.making->shape);
}

/// Reports the first value that is not in range.
bool check_made(const std::vector<double>& values, const YamlNode& node, const ValueRange& range,
                bool integers) {
    std::size_t bad = 0;
    std::size_t first = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (values[i] >= range.min && values[i] <= range.max) continue;  // not so: a NaN
        if (bad++ == 0) first = i;
    }
    if (bad == 0) return true;
    node.error(
        "NET-VALUE",
        fmt::format("'{}' of {} {} is {}, must be {} in [{}, {}]; so are {} of {} values",
                    range.name, range.element, first, text_of_value(values[first]),
                    integers ? "an integer" : "a number", range.min, range.max, bad, values.size()),
        hint_of_range(node));
    return false;
}

}  // namespace

std::string text_of_value(double value) {
    return std::isnan(value) ? "not a number" : fmt::format("{}", value);
}

std::string hint_of_range(const YamlNode& made) {
    if (made[std::string{name_of(kMadeNames, Made::kFormula)}]) {
        return "formula: min(max(..., LOWEST), HIGHEST) keeps values in a range";
    }
    const YamlNode normal = made[std::string{name_of(kMadeNames, Made::kNormal)}];
    return normal ? "normal needs a smaller standard deviation" : "";
}

std::optional<std::function<double(std::uint32_t neuron, std::uint32_t argument)>> noise_maker(
    const Context& context, const YamlNode& pair, const ValueRange& range, bool normal) {
    const auto numbers = normal
                             ? read_pair(pair, {"mean", range.min, range.max},
                                         {"standard deviation", 0.0, range.max - range.min}, false)
                             : read_pair(pair, {"lowest", range.min, range.max},
                                         {"highest", range.min, range.max}, true);
    if (!numbers) return std::nullopt;
    const auto [first, second] = *numbers;
    if (!normal && first > second) {
        pair.error("NET-VALUE",
                   fmt::format("the lowest value {} is above the highest {}", first, second));
        return std::nullopt;
    }
    const RandomStream random{RandomDomain::kNeurons, context.network.seed, 0};
    return [random, owner = range.making->population, normal, first = first, second = second](
               std::uint32_t neuron, std::uint32_t argument) {
        const UniformDraw draw = draw_of(random.block(neuron, argument, owner));
        if (normal) return normal_number(draw, first, second);
        return first + static_cast<double>(uniform_below(
                           draw.first, static_cast<std::uint64_t>(second - first) + 1));
    };
}

std::vector<std::string> value_origins(const ValueRange& range) {
    std::vector<std::string> origins{"values", "file"};
    if (!range.making) return origins;
    const std::vector<std::string> made = names(kMadeNames);
    origins.insert(origins.end(), made.begin(), made.end());
    return origins;
}

bool has_one_value_origin(const YamlNode& node, const ValueRange& range) {
    std::string found;
    const std::vector<std::string> origins = value_origins(range);
    for (const std::string& origin : origins) {
        const YamlNode given = node[origin];
        if (!given) continue;
        if (!found.empty()) {
            given.error("NET-RULE",
                        fmt::format("'{}' has both '{}' and '{}'", range.name, found, origin),
                        fmt::format("give one of {}", fmt::join(origins, ", ")));
            return false;
        }
        found = origin;
    }
    return true;
}

bool makes_values(const YamlNode& node) {
    const std::vector<std::string> keys = names(kMadeNames);
    for (const std::string& key : keys) {
        if (node[key]) return true;
    }
    return false;
}

std::optional<std::vector<double>> make_values(Context& context, const YamlNode& node,
                                               const ValueRange& range, bool integers) {
    node.finish();
    if (range.count == 0) return std::nullopt;
    const YamlNode formula = node["formula"];
    try {
        const auto maker = maker_of(context, node, range, integers);
        if (!maker) return std::nullopt;
        std::vector<double> values;
        values.reserve(range.count);
        for (std::uint32_t i = 0; i < range.count; ++i) {
            const double value = (*maker)(i);
            values.push_back(integers ? std::round(value) : value);
        }
        if (!check_made(values, node, range, integers)) return std::nullopt;
        return values;
    } catch (const FormulaError& error) {
        formula.error("NET-FORMULA", fmt::format("formula '{}': {}", formula.text(), error.what()),
                      fmt::format("variables: i n x y pi; functions: {}", kFormulaFunctions));
        return std::nullopt;
    }
}

}  // namespace seamount::compiler::frontend
