#include "compiler/frontend/projections/rules/edge_table.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include "compiler/frontend/context/value_forms.hpp"

namespace seamount::compiler::frontend {

namespace {

enum class EdgesBy : std::uint8_t { kIndex, kId };
constexpr auto kEdgesByNames = name_table<EdgesBy>({
    {EdgesBy::kIndex, "index"},
    {EdgesBy::kId, "id"},
});

const std::vector<std::string> kEdgeColumns{"source", "target", "weight", "delay"};

/// What others call the columns.
constexpr std::array<std::pair<std::string_view, std::string_view>, 13> kUsualNames{
    {{"src", "source"},
     {"pre", "source"},
     {"from", "source"},
     {"i", "source"},
     {"dst", "target"},
     {"tgt", "target"},
     {"post", "target"},
     {"to", "target"},
     {"j", "target"},
     {"w", "weight"},
     {"wgt", "weight"},
     {"weights", "weight"},
     {"delays", "delay"}}};

/// The one of `missing` that a column of this name usually is, or empty.
std::string usual_name(const std::string& name, const std::vector<std::string>& missing) {
    for (const auto& [usual, role] : kUsualNames) {
        if (usual == name && std::find(missing.begin(), missing.end(), role) != missing.end()) {
            return std::string{role};
        }
    }
    return {};
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

/// Columns of a header that are called nearly as one that is looked for, and is not there.
std::vector<std::pair<std::string, std::string>> misspelt(const std::vector<std::string>& header) {
    std::vector<std::pair<std::string, std::string>> found;
    std::vector<std::string> missing;
    for (const std::string& role : kEdgeColumns) {
        if (std::find(header.begin(), header.end(), role) == header.end()) missing.push_back(role);
    }
    for (const std::string& name : header) {
        const bool is_known =
            std::find(kEdgeColumns.begin(), kEdgeColumns.end(), name) != kEdgeColumns.end();
        std::string near = is_known ? std::string{} : closest(name, missing);
        if (near.empty() && !is_known) near = usual_name(name, missing);
        if (!near.empty()) found.emplace_back(name, std::move(near));
    }
    return found;
}

std::string hint_for_header(const std::vector<std::string>& header) {
    std::string roles;
    for (const auto& [name, meant] : misspelt(header)) {
        roles += fmt::format("{}{}: {}", roles.empty() ? "" : ", ", meant, name);
    }
    return fmt::format("say which column is which: columns: {{{}}}",
                       roles.empty() ? "source: NAME, target: NAME" : roles);
}

yaml::Form make_edge_columns_form() {
    yaml::Form form{"edge_columns",
                    "Which columns of a table mean what, by name or number from 0."};
    form.key("source", yaml::text(), "of the source of an edge");
    form.key("target", yaml::text(), "of its target");
    form.key("weight", yaml::text(), "of its weight");
    form.key("delay", yaml::text(), "of its delay");
    return form;
}

yaml::Form make_edges_form() {
    static const yaml::Form columns = make_edge_columns_form();
    yaml::Form form{"edges", "A list of edges: source, target, and perhaps weight and delay."};
    form.keys_of(data_form());
    form.key("by", yaml::choice(kEdgesByNames), "what the ends are given by").by_default("index");
    form.key("columns", yaml::map(columns), "which columns are which")
        .by_default("(those called so, or the first four)");
    form.key("header", yaml::boolean(), "of `by: id`: whether the first line names the columns")
        .by_default("(if no field of it is a number)");
    form.key("unknown", yaml::choice(kUnknownIdsNames),
             "of `by: id`: what an edge is whose end no neuron has")
        .by_default("error");
    return form;
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

const yaml::Form& edges_form() {
    static const yaml::Form form = make_edges_form();
    return form;
}

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
        edges.error("NET-COLUMN",
                    fmt::format("the table needs columns 'source' and 'target', its header is {}",
                                fmt::join(table->columns(), ", ")),
                    hint_for_header(table->columns()));
        return std::nullopt;
    }
    if (table->shape()[0] > kMaxSynapses) {
        edges.error("NET-SIZE",
                    fmt::format("{} edges, the limit is {}", table->shape()[0], kMaxSynapses));
        return std::nullopt;
    }
    return table;
}

std::string column_like(const DataArray& table, const std::string& role) {
    for (const auto& [name, meant] : misspelt(table.columns())) {
        if (meant == role) return name;
    }
    return {};
}

void report_missing_column(const DataArray& table, const YamlNode& edges, const std::string& role,
                           const std::string& key) {
    const std::string name = column_like(table, role);
    if (name.empty()) {
        edges.error("NET-COLUMN", fmt::format("the edges have no column '{}'", role),
                    fmt::format("add one, or say {}: with a number or {{column: NAME}}", key));
        return;
    }
    edges.error("NET-COLUMN",
                fmt::format("the edges have a column '{}', none is called '{}'", name, role),
                fmt::format("did you mean '{0}'? rename it, or say columns: {{source: source, "
                            "target: target, {0}: {1}}}",
                            role, name));
}

std::optional<std::uint64_t> edge_column(const DataArray& table, const std::string& name) {
    const auto& names = table.columns().empty() ? kEdgeColumns : table.columns();
    const auto found = std::find(names.begin(), names.end(), name);
    const auto index = static_cast<std::uint64_t>(found - names.begin());
    if (found == names.end() || index >= table.shape()[1]) return std::nullopt;
    return index;
}

}  // namespace seamount::compiler::frontend
