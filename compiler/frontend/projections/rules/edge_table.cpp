#include "compiler/frontend/projections/rules/edge_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace seamount::compiler::frontend {

namespace {

enum class EdgesBy : std::uint8_t { kIndex, kId };
constexpr auto kEdgesByNames = name_table<EdgesBy>({
    {EdgesBy::kIndex, "index"},
    {EdgesBy::kId, "id"},
});

const std::vector<std::string> kEdgeColumns{"source", "target", "weight", "delay"};

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

std::optional<DataArray> read_table(Context& context, const YamlNode& node, const EndIds& ids) {
    const YamlNode by = node["by"];
    if (by && by.choice("by", kEdgesByNames) == EdgesBy::kId) {
        return read_id_edges(context, node, ids);
    }
    const YamlNode columns = node["columns"];
    auto table = context.data.read_list(node);
    if (!table) return std::nullopt;
    return rename_columns(std::move(*table), columns);
}

}  // namespace

std::optional<DataArray> read_edge_table(Context& context, const YamlNode& edges,
                                         const EndIds& ids) {
    auto table = read_table(context, edges, ids);
    if (!table) return std::nullopt;
    // A file without a byte, or an array of shape (0,).
    if (table->count() == 0 && (table->shape().size() != 2 || table->shape()[1] == 0)) {
        table = DataArray{keep_bytes({}), 0, ElementType::kI64, {0, 2}};
    }
    const bool named = !table->columns().empty();
    const std::uint64_t columns = table->shape().size() == 2 ? table->shape()[1] : 0;
    if (columns < 2 || (!named && columns > kEdgeColumns.size())) {
        edges.error("NET-SHAPE",
                    fmt::format("edges have shape (E, 2..4): source, target, weight, delay; the "
                                "array has {}",
                                table->shape_text()));
        return std::nullopt;
    }
    if (!edge_column(*table, "source") || !edge_column(*table, "target")) {
        edges.error("NET-COLUMN", "the table needs columns 'source' and 'target'");
        return std::nullopt;
    }
    if (table->shape()[0] > kMaxSynapses) {
        edges.error("NET-SIZE",
                    fmt::format("{} edges, the limit is {}", table->shape()[0], kMaxSynapses));
        return std::nullopt;
    }
    return table;
}

std::optional<std::uint64_t> edge_column(const DataArray& table, const std::string& name) {
    const auto& names = table.columns().empty() ? kEdgeColumns : table.columns();
    const auto found = std::find(names.begin(), names.end(), name);
    const auto index = static_cast<std::uint64_t>(found - names.begin());
    if (found == names.end() || index >= table.shape()[1]) return std::nullopt;
    return index;
}

}  // namespace seamount::compiler::frontend
