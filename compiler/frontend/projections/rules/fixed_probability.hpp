#pragma once

#include "compiler/frontend/projections/rules/rule.hpp"

namespace seamount::compiler::frontend {

inline RuleSpec read_fixed_probability(const RuleRequest& request) {
    RuleSpec spec;
    const Ends ends = request.read_self();
    double probability = 0.0;
    if (request.projection.require("probability") &&
        request.projection.read("probability", probability, 0.0, 1.0) && request.ends.known()) {
        spec.topology = fixed_probability(ends, probability, request.random());
    }
    return spec;
}

/// The keys that belong to the rule.
inline const yaml::Form& fixed_probability_keys() {
    static const yaml::Form form = [] {
        yaml::Form keys{"fixed_probability", ""};
        keys.key("probability", yaml::number(0.0, 1.0), "of each pair");
        keys.key("self", yaml::boolean(), "whether a neuron may reach itself").by_default("true");
        return keys;
    }();
    return form;
}
inline constexpr ProjectionRule kFixedProbabilityRule{
    .name = "fixed_probability",
    .meaning = "each pair with this probability",
    .keys = fixed_probability_keys,
    .read_targets = read_fixed_probability,
};

}  // namespace seamount::compiler::frontend
