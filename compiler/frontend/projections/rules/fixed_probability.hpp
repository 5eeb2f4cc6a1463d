#pragma once

#include <array>

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

inline constexpr std::array kFixedProbabilityKeys{"probability", "self"};
inline constexpr ProjectionRule kFixedProbabilityRule{
    .name = "fixed_probability",
    .meaning = "each pair with this probability",
    .keys = kFixedProbabilityKeys,
    .read_targets = read_fixed_probability,
};

}  // namespace seamount::compiler::frontend
