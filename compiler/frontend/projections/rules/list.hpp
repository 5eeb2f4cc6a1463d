#pragma once

#include <fmt/format.h>

#include <memory>

#include "compiler/frontend/projections/rules/edge_table.hpp"
#include "compiler/frontend/projections/rules/rule.hpp"

namespace seamount::compiler::frontend {

inline RuleSpec read_list(const RuleRequest& request) {
    RuleSpec spec;
    const YamlNode node = request.projection.require("edges");
    if (!node || !expect_map(node, "edges")) return spec;
    spec.table = read_edge_table(request.context, node, request.ends.ids);
    if (!spec.table || !request.ends.known()) return spec;
    const auto source = edge_column(*spec.table, "source");
    const auto target = edge_column(*spec.table, "target");
    try {
        spec.edges = std::make_shared<const EdgeList>(
            spec.table->column(*source), spec.table->column(*target),
            Ends{request.ends.sources, request.ends.targets, true});
        spec.topology = spec.edges;
    } catch (const DataError& error) {
        node.error(error.code(), error.what());
    }
    return spec;
}

/// The keys that belong to the rule.
inline const yaml::Form& list_keys() {
    static const yaml::Form form = [] {
        yaml::Form keys{"list", ""};
        keys.key("edges", yaml::map(edges_form()), "the edges: source, target[, weight[, delay]]");
        return keys;
    }();
    return form;
}
inline constexpr ProjectionRule kListRule{
    .name = "list",
    .meaning = "the edges of a file",
    .keys = list_keys,
    .edge_table = true,
    .value_per_edge = true,
    .read_targets = read_list,
};

}  // namespace seamount::compiler::frontend
