#include "compiler/frontend/projections/rule_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>

#include "compiler/frontend/rules/topology/distance.hpp"
#include "isa/base/assert.hpp"

namespace seamount::compiler::frontend {

namespace {

const std::vector<std::string> kRuleNames{"all_to_all",    "one_to_one", "fixed_probability",
                                          "fixed_fan_out", "list",       "distance",
                                          "conv2d",        "sum_pool"};
const std::vector<std::string> kEdgeColumns{"source", "target", "weight", "delay"};

/// Reports a key that means nothing for this rule.
void refuse_key(const YamlNode& projection, const char* key, Rule rule, const char* owner) {
    const YamlNode node = projection[key];
    if (!node) return;
    node.error("NET-RULE",
               fmt::format("'{}' has no meaning with rule {}", key,
                           kRuleNames[static_cast<std::size_t>(rule)]),
               fmt::format("it belongs to {}", owner));
}

/// A column by name or by number; reports NET-COLUMN.
std::optional<std::size_t> find_column(const std::vector<std::string>& names,
                                       const YamlNode& node) {
    const std::string name = node.text();
    const auto found = std::find(names.begin(), names.end(), name);
    if (found != names.end() && !name.empty()) {
        return static_cast<std::size_t>(found - names.begin());
    }
    if (node.is_number()) {
        const auto index = node.integer("column", 0, static_cast<std::int64_t>(names.size()) - 1);
        if (!index) return std::nullopt;
        return static_cast<std::size_t>(*index);
    }
    node.error("NET-COLUMN", fmt::format("the table has no column '{}'", name),
               suggest(name, names));
    return std::nullopt;
}

void refuse_other_keys(const YamlNode& projection, Rule rule) {
    if (rule != Rule::kFixedProbability && rule != Rule::kDistance) {
        refuse_key(projection, "probability", rule, "fixed_probability and distance");
    }
    if (rule != Rule::kDistance) refuse_key(projection, "radius", rule, "distance");
    if (rule != Rule::kFixedFanOut) refuse_key(projection, "fan_out", rule, "fixed_fan_out");
    if (rule != Rule::kList) refuse_key(projection, "edges", rule, "list");
    if (rule == Rule::kList || rule == Rule::kOneToOne) {
        refuse_key(projection, "self", rule,
                   "all_to_all, fixed_probability, fixed_fan_out and distance");
    }
}

Ends read_ends(const YamlNode& projection, const ProjectionEnds& known) {
    Ends ends{known.sources, known.targets, true};
    projection.read("self", ends.self);
    if (const YamlNode self = projection["self"]; self && !known.recurrent) {
        self.error("NET-RULE", "'self' has no meaning between two different populations");
        ends.self = true;
    }
    return ends;
}

std::shared_ptr<const Topology> read_one_to_one(const YamlNode& projection,
                                                const ProjectionEnds& ends) {
    if (ends.sources == ends.targets) return one_to_one(ends.sources);
    if (ends.sources != 0 && ends.targets != 0) {
        projection.error(
            "NET-SHAPE",
            fmt::format("one_to_one from {} sources to {} targets", ends.sources, ends.targets),
            "both must have the same size");
    }
    return nullptr;
}

std::shared_ptr<const Topology> read_fan_out(const YamlNode& projection, const Ends& ends,
                                             const RowRandom& random) {
    std::uint32_t fan_out = 0;
    if (!projection.require("fan_out") || !projection.read("fan_out", fan_out, 1, kMaxSize)) {
        return nullptr;
    }
    if (ends.sources == 0 || ends.targets == 0) return nullptr;
    if (fan_out <= ends.candidates()) return fixed_fan_out(ends, fan_out, random);
    projection["fan_out"].error(
        "NET-RULE", fmt::format("'fan_out' is {}, but there are {} different targets", fan_out,
                                ends.candidates()));
    return nullptr;
}

/// The table with the columns that `columns:` names called so.
std::optional<DataArray> rename_columns(DataArray table, const YamlNode& columns) {
    if (!columns || table.shape().size() != 2) return table;
    std::vector<std::string> names = table.columns();
    names.resize(table.shape()[1]);
    bool good = true;
    std::vector<std::string> renamed(names.size());
    for (const std::string& role : kEdgeColumns) {
        const YamlNode chosen = columns[role];
        if (!chosen) continue;
        const auto column = find_column(names, chosen);
        if (column) renamed[*column] = role;
        good = good && column.has_value();
    }
    columns.finish();
    if (!good) return std::nullopt;
    table.set_columns(std::move(renamed));
    return table;
}

std::optional<DataArray> read_edge_table(Context& context, const YamlNode& node,
                                         const ProjectionEnds& ends) {
    const YamlNode by = node["by"];
    if (by && by.choice("by", {"index", "id"}) == 1) return read_id_edges(context, node, ends.ids);
    const YamlNode columns = node["columns"];
    auto table = context.data.read(node);
    if (!table) return std::nullopt;
    return rename_columns(std::move(*table), columns);
}

std::shared_ptr<const Topology> read_distance(const YamlNode& projection,
                                              const ProjectionEnds& known, const Ends& ends,
                                              const RowRandom& random) {
    constexpr double kLargestRadius = 2.0;  // the unit square's diagonal is shorter
    double radius = 0.0;
    const YamlNode probability = projection.require("probability");
    if (!projection.require("radius") || !projection.read("radius", radius, 1e-6, kLargestRadius) ||
        !probability) {
        return nullptr;
    }
    const YamlNode formula = probability.is_map() ? probability.require("formula") : YamlNode{};
    if (probability.is_map()) probability.finish();
    try {
        std::function<double(double)> of_distance;
        if (formula) {
            of_distance = formula_of_distance(formula.text());
        } else if (const auto value = probability.number("probability", 0.0, 1.0)) {
            of_distance = [value](double) { return *value; };
        }
        if (!of_distance || ends.sources == 0 || ends.targets == 0) return nullptr;
        return distance_rule(ends, {known.source_shape, known.target_shape},
                             DistanceProfile{radius, of_distance}, random);
    } catch (const FormulaError& error) {
        formula.error("NET-FORMULA", fmt::format("formula '{}': {}", formula.text(), error.what()),
                      "variables: d pi");
    } catch (const DataError& error) {
        probability.error(error.code(), error.what());
    }
    return nullptr;
}

void read_edges(Context& context, const YamlNode& projection, const ProjectionEnds& ends,
                RuleSpec& spec) {
    const YamlNode node = projection.require("edges");
    if (!node || !expect_map(node, "edges")) return;
    const auto table = read_edge_table(context, node, ends);
    if (!table) return;
    const bool named = !table->columns().empty();
    const std::uint64_t columns = table->shape().size() == 2 ? table->shape()[1] : 0;
    if (columns < 2 || (!named && columns > kEdgeColumns.size())) {
        node.error("NET-SHAPE",
                   fmt::format("edges have shape (E, 2..4): source, target, weight, delay; the "
                               "array has {}",
                               table->shape_text()));
        return;
    }
    const auto source = edge_column(*table, "source");
    const auto target = edge_column(*table, "target");
    if (!source || !target) {
        node.error("NET-COLUMN", "the table needs columns 'source' and 'target'");
        return;
    }
    if (table->shape()[0] > kMaxSynapses) {
        node.error("NET-SIZE",
                   fmt::format("{} edges, the limit is {}", table->shape()[0], kMaxSynapses));
        return;
    }
    spec.table = table;
    if (ends.sources == 0 || ends.targets == 0) return;
    try {
        spec.edges = std::make_shared<const EdgeList>(
            table->column(*source), table->column(*target), Ends{ends.sources, ends.targets, true});
        spec.topology = spec.edges;
    } catch (const DataError& error) {
        node.error(error.code(), error.what());
    }
}

}  // namespace

std::optional<std::uint64_t> edge_column(const DataArray& table, const std::string& name) {
    const auto& names = table.columns().empty() ? kEdgeColumns : table.columns();
    const auto found = std::find(names.begin(), names.end(), name);
    const auto index = static_cast<std::uint64_t>(found - names.begin());
    if (found == names.end() || index >= table.shape()[1]) return std::nullopt;
    return index;
}

RuleSpec read_rule(Context& context, const YamlNode& projection, const ProjectionEnds& ends) {
    RuleSpec spec;
    const YamlNode node = projection.require("rule");
    const auto choice = node ? node.choice("rule", kRuleNames) : std::nullopt;
    if (!choice) {
        for (const char* key : {"probability", "radius", "fan_out", "edges", "self"})
            (void)projection[key];
        return spec;
    }
    SM_ASSERT(*choice <= static_cast<std::size_t>(Rule::kDistance),
              "read_convolution reads the others");
    const Rule rule{static_cast<std::uint8_t>(*choice)};
    spec.rule = rule;
    refuse_other_keys(projection, rule);
    const RowRandom random{context.network.seed, ends.number, Stream::kTargets};
    const bool known = ends.sources != 0 && ends.targets != 0;
    switch (rule) {
        case Rule::kAllToAll: {
            const Ends both = read_ends(projection, ends);
            if (known) spec.topology = all_to_all(both);
            break;
        }
        case Rule::kOneToOne:
            spec.topology = read_one_to_one(projection, ends);
            break;
        case Rule::kFixedProbability: {
            const Ends both = read_ends(projection, ends);
            double probability = 0.0;
            if (projection.require("probability") &&
                projection.read("probability", probability, 0.0, 1.0) && known) {
                spec.topology = fixed_probability(both, probability, random);
            }
            break;
        }
        case Rule::kFixedFanOut:
            spec.topology = read_fan_out(projection, read_ends(projection, ends), random);
            break;
        case Rule::kDistance:
            spec.topology = read_distance(projection, ends, read_ends(projection, ends), random);
            break;
        case Rule::kList:
            read_edges(context, projection, ends, spec);
            break;
    }
    return spec;
}

}  // namespace seamount::compiler::frontend
