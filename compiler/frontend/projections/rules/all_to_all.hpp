#pragma once

#include "compiler/frontend/projections/rules/rule.hpp"

namespace seamount::compiler::frontend {

inline RuleSpec read_all_to_all(const RuleRequest& request) {
    RuleSpec spec;
    const Ends ends = request.read_self();
    if (request.ends.known()) spec.topology = all_to_all(ends);
    return spec;
}

/// The keys that belong to the rule.
inline const yaml::Form& all_to_all_keys() {
    static const yaml::Form form = [] {
        yaml::Form keys{"all_to_all", ""};
        keys.key("self", yaml::boolean(), "whether a neuron may reach itself").by_default("true");
        return keys;
    }();
    return form;
}
inline constexpr ProjectionRule kAllToAllRule{
    .name = "all_to_all",
    .meaning = "every source to every target",
    .keys = all_to_all_keys,
    .read_targets = read_all_to_all,
};

}  // namespace seamount::compiler::frontend
