#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "compiler/frontend/context/context.hpp"
#include "compiler/frontend/context/ids.hpp"

namespace seamount::compiler::frontend {

/// The keys of `edges:` of a projection.
[[nodiscard]] const yaml::Form& edges_form();

/// Reads the table that `edges:` names: columns source and target, and more. Reports NET-COLUMN,
/// NET-SHAPE and NET-SIZE, and then returns nothing.
[[nodiscard]] std::optional<DataArray> read_edge_table(Context& context, const YamlNode& edges,
                                                       const EndIds& ids);

/// The column that is probably meant as `role` and has another name, "wieght" or "w"; or empty.
[[nodiscard]] std::string column_like(const DataArray& table, const std::string& role);
/// Reports (NET-COLUMN) that the edges have no column `role`, and which may be meant; `key` of the
/// projection would do too.
void report_missing_column(const DataArray& table, const YamlNode& edges, const std::string& role,
                           const std::string& key);

/// Index of the column of an edge table with this name: as its header says, or source, target,
/// weight, delay in this order.
[[nodiscard]] std::optional<std::uint64_t> edge_column(const DataArray& table,
                                                       const std::string& name);

}  // namespace seamount::compiler::frontend
