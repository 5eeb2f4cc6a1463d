#include "compiler/frontend/projections/edge_value_reader.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <string>
#include <vector>

#include "compiler/frontend/context/units.hpp"
#include "compiler/frontend/context/values.hpp"
#include "compiler/frontend/projections/rules/edge_table.hpp"
#include "compiler/frontend/rows/values/formula.hpp"
#include "isa/image/image.hpp"

namespace seamount::compiler::frontend {

namespace {

/// The key that says where values come from. `column` beside `file` selects one of the file's.
enum class Origin : std::uint8_t { kFormula, kUniform, kNormal, kValues, kFile, kColumn };
constexpr auto kOriginNames = name_table<Origin>({
    {Origin::kFormula, "formula"},
    {Origin::kUniform, "uniform"},
    {Origin::kNormal, "normal"},
    {Origin::kValues, "values"},
    {Origin::kFile, "file"},
    {Origin::kColumn, "column"},
});

std::string key_of(Origin origin) {
    return std::string{name_of(kOriginNames, origin)};
}

/// Reads one of the two quantities of a synapse.
class Reader {
public:
    struct Quantity {
        std::string key;
        std::string column;  ///< of an edge table
        double min;
        double max;
        bool integers;
        Stream stream;
    };
    Reader(Context& context, const RuleSpec& rule, const ProjectionEnds& ends, Quantity quantity)
        : context_{context}, rule_{rule}, ends_{ends}, quantity_{std::move(quantity)} {}

    std::shared_ptr<const EdgeValues> read(const YamlNode& node) {
        if (!node.is_map()) {
            const auto value = scalar(node, quantity_.key);
            return value ? constant_value(*value) : nullptr;
        }
        if (!has_one_origin(node)) return nullptr;
        if (const YamlNode key = node["formula"]) return finished(node, formula(key));
        if (const YamlNode key = node["uniform"]) return finished(node, uniform(key));
        if (const YamlNode key = node["values"]) return finished(node, inline_values(key));
        if (const YamlNode key = node["normal"]) return finished(node, normal(key));
        if (node["column"] && !node["file"]) return finished(node, named_column(node["column"]));
        if (!node["file"]) {
            node.error("NET-RULE",
                       fmt::format("'{}' says nowhere what its values are", quantity_.key),
                       fmt::format("give a number or one of {}", origins()));
            node.finish();
            return nullptr;
        }
        const auto data = context_.data.read_values(node);
        return data ? array(*data, node) : nullptr;
    }

    /// The column of the edge table that holds this quantity, if there is one.
    std::shared_ptr<const EdgeValues> default_column(const YamlNode& where) {
        const auto index = edge_column(*rule_.table, quantity_.column);
        return index ? array(rule_.table->column(*index), where) : nullptr;
    }
    [[nodiscard]] bool has_default_column() const {
        return rule_.table && edge_column(*rule_.table, quantity_.column);
    }

private:
    using Result = std::shared_ptr<const EdgeValues>;

    /// False, with a message, if two keys say where the values come from, or one that this quantity
    /// does not have.
    [[nodiscard]] bool has_one_origin(const YamlNode& node) const {
        std::optional<Origin> origin;
        for (const Origin other : values(kOriginNames)) {
            const YamlNode value = node[key_of(other)];
            const bool selects = origin == Origin::kFile && other == Origin::kColumn;
            if (!value || selects) continue;
            if (origin) {
                value.error("NET-RULE",
                            fmt::format("'{}' has both '{}' and '{}'", quantity_.key,
                                        key_of(*origin), key_of(other)),
                            fmt::format("give one of {}", origins()));
                return false;
            }
            origin = other;
        }
        if (origin == Origin::kNormal && quantity_.stream != Stream::kWeights) {
            node["normal"].error("NET-RULE", fmt::format("'{}' has no 'normal'", quantity_.key),
                                 fmt::format("give a number or one of {}", origins()));
            return false;
        }
        return true;
    }
    /// Those that this quantity may have.
    [[nodiscard]] std::string origins() const {
        std::vector<std::string> legal = names(kOriginNames);
        if (quantity_.stream != Stream::kWeights) std::erase(legal, key_of(Origin::kNormal));
        return fmt::format("{}", fmt::join(legal, ", "));
    }

    static Result finished(const YamlNode& node, Result result) {
        node.finish();
        return result;
    }
    std::optional<double> scalar(const YamlNode& node, const std::string& name) const {
        if (!quantity_.integers) return node.number(name, quantity_.min, quantity_.max);
        const auto value = node.integer(name, static_cast<std::int64_t>(quantity_.min),
                                        static_cast<std::int64_t>(quantity_.max));
        if (!value) return std::nullopt;
        return static_cast<double>(*value);
    }
    [[nodiscard]] ValueRange range(const char* element) const {
        return {quantity_.key, element, 0, quantity_.min, quantity_.max};
    }
    [[nodiscard]] RowRandom random() const {
        return {context_.network.seed, ends_.number, quantity_.stream};
    }
    [[nodiscard]] bool has_edge_table() const {
        return rule_.rule != nullptr && rule_.rule->edge_table;
    }
    [[nodiscard]] DrawBy draw_by() const {
        return has_edge_table() ? DrawBy::kPosition : DrawBy::kTarget;
    }

    Result formula(const YamlNode& node) const {
        const std::string text = node.text();
        if (text.empty() && context_.diagnostics.has_errors()) return nullptr;
        try {
            return formula_values(text, {ends_.source_shape, ends_.target_shape},
                                  quantity_.integers);
        } catch (const FormulaError& error) {
            node.error(
                "NET-FORMULA", fmt::format("formula '{}': {}", text, error.what()),
                fmt::format("variables: i j n m x y u v d pi; functions: {}", kFormulaFunctions));
            return nullptr;
        }
    }

    Result uniform(const YamlNode& node) const {
        const auto items = node.items();
        if (items.size() != 2) {
            node.error("YML-TYPE", "'uniform' must be a list [lowest, highest]");
            return nullptr;
        }
        const auto min = static_cast<std::int64_t>(quantity_.min);
        const auto max = static_cast<std::int64_t>(quantity_.max);
        const auto low = items[0].integer("lowest", min, max);
        const auto high = items[1].integer("highest", min, max);
        if (!low || !high) return nullptr;
        if (*low > *high) {
            node.error("NET-VALUE",
                       fmt::format("the lowest value {} is above the highest {}", *low, *high));
            return nullptr;
        }
        return uniform_values(*low, *high, random(), draw_by());
    }

    Result normal(const YamlNode& node) const {
        const auto items = node.items();
        if (items.size() != 2) {
            node.error("YML-TYPE", "'normal' must be a list [mean, standard deviation]");
            return nullptr;
        }
        const auto mean = items[0].number("mean", quantity_.min, quantity_.max);
        const auto sd = items[1].number("standard deviation", 0.0, quantity_.max);
        if (!mean || !sd) return nullptr;
        return normal_values(*mean, *sd, random(), draw_by());
    }

    /// One value per edge, or a list per target with a value per source.
    Result inline_values(const YamlNode& node) {
        if (!expect_sequence(node, "values")) return nullptr;
        const auto items = node.items();
        const bool nested = !items.empty() && items.front().is_sequence();
        std::vector<double> values;
        bool good = true;
        const auto add = [&](const YamlNode& item) {
            const auto value = scalar(item, quantity_.key);
            good = good && value.has_value();
            if (good) values.push_back(*value);
        };
        std::size_t columns = 0;
        for (const YamlNode& item : items) {
            if (!nested) {
                add(item);
                continue;
            }
            const auto row = item.items();
            if (columns == 0) columns = row.size();
            if (row.empty() || row.size() != columns) {
                item.error("NET-SHAPE", "the rows of 'values' must be lists of the same length");
                return nullptr;
            }
            for (const YamlNode& value : row) add(value);
        }
        if (!good) return nullptr;
        if (values.empty()) {
            node.error("NET-SHAPE", "'values' is empty");
            return nullptr;
        }
        std::vector<std::byte> bytes(values.size() * sizeof(double));
        std::memcpy(bytes.data(), values.data(), bytes.size());
        std::vector<std::uint64_t> shape{values.size()};
        if (nested) shape = {items.size(), columns};
        return array({keep_bytes(std::move(bytes)), 0, ElementType::kF64, shape}, node);
    }

    Result named_column(const YamlNode& node) {
        const std::string name = node.text();
        if (rule_.rule != nullptr && !rule_.rule->edge_table) {
            node.error("NET-RULE", "'column' without 'file' is for rule list");
            return nullptr;
        }
        if (!rule_.table) return nullptr;
        const auto index = edge_column(*rule_.table, name);
        if (!index) {
            node.error("NET-COLUMN", fmt::format("the edges have no column '{}'", name),
                       suggest(name, rule_.table->columns()));
            return nullptr;
        }
        return array(rule_.table->column(*index), node);
    }

    Result array(const DataArray& data, const YamlNode& node) {
        if (!rule_.topology) return nullptr;
        const bool matrix = is_matrix(data.shape());
        const bool per_edge = data.shape().size() == 1 && rule_.rule->value_per_edge &&
                              data.count() == rule_.topology->synapses();
        if (!matrix && !per_edge) {
            report_shape(data, node);
            return nullptr;
        }
        if (!check_values(data, node, range(per_edge ? "edge" : "element"), quantity_.integers)) {
            return nullptr;
        }
        if (matrix) return matrix_values(data, ends_.sources);
        return rule_.edges ? rule_.edges->arrange(data) : source_values(data);
    }

    /// (targets, sources). An array of one column comes here as that column.
    [[nodiscard]] bool is_matrix(const std::vector<std::uint64_t>& shape) const {
        const bool is_column = ends_.sources == 1 && !rule_.rule->value_per_edge;
        return shape == std::vector<std::uint64_t>{ends_.targets, ends_.sources} ||
               (is_column && shape == std::vector<std::uint64_t>{ends_.targets});
    }

    void report_shape(const DataArray& data, const YamlNode& node) const {
        std::string legal = fmt::format("({}, {}): targets, sources", ends_.targets, ends_.sources);
        if (rule_.rule->value_per_edge) {
            legal = fmt::format("({},): one per edge, or {}", rule_.topology->synapses(), legal);
        }
        const bool swapped =
            data.shape() == std::vector<std::uint64_t>{ends_.sources, ends_.targets};
        node.error(
            "NET-SHAPE",
            fmt::format("'{}' has shape {}, must be {}", quantity_.key, data.shape_text(), legal),
            swapped ? "transpose the array" : "");
    }

    Context& context_;
    const RuleSpec& rule_;
    const ProjectionEnds& ends_;
    Quantity quantity_;
};

}  // namespace

std::shared_ptr<const EdgeValues> read_weights(Context& context, const YamlNode& projection,
                                               const RuleSpec& rule, const ProjectionEnds& ends) {
    Reader reader{context,
                  rule,
                  ends,
                  {"weights", "weight", -kLargestWeight, kLargestWeight, false, Stream::kWeights}};
    if (const YamlNode node = projection["weights"]) return reader.read(node);
    if (reader.has_default_column()) return reader.default_column(projection["edges"]);
    // Edges that could not be read may have had weights.
    const bool has_table = rule.rule != nullptr && rule.rule->edge_table;
    if (has_table && !rule.table) return nullptr;
    if (has_table) {
        report_missing_column(*rule.table, projection["edges"], "weight", "weights");
    } else {
        (void)projection.require("weights");
    }
    return nullptr;
}

std::shared_ptr<const EdgeValues> read_delays(Context& context, const YamlNode& projection,
                                              const RuleSpec& rule, const ProjectionEnds& ends) {
    Reader reader{
        context,
        rule,
        ends,
        {"delay", "delay", 0.0, static_cast<double>(isa::kMaxDelay), true, Stream::kDelays}};
    if (const YamlNode node = projection["delay"]) {
        take_steps(context, node, "delay");
        if (node.is_scalar() && node.is_number() && node.text() == "0") return nullptr;
        return reader.read(node);
    }
    if (reader.has_default_column()) return reader.default_column(projection["edges"]);
    if (rule.table && !column_like(*rule.table, "delay").empty()) {
        report_missing_column(*rule.table, projection["edges"], "delay", "delay");
    }
    return nullptr;
}

}  // namespace seamount::compiler::frontend
