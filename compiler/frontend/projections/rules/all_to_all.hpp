#pragma once

#include <array>

#include "compiler/frontend/projections/rules/rule.hpp"

namespace seamount::compiler::frontend {

inline RuleSpec read_all_to_all(const RuleRequest& request) {
    RuleSpec spec;
    const Ends ends = request.read_self();
    if (request.ends.known()) spec.topology = all_to_all(ends);
    return spec;
}

inline constexpr std::array kAllToAllKeys{"self"};
inline constexpr ProjectionRule kAllToAllRule{
    .name = "all_to_all",
    .meaning = "every source to every target",
    .keys = kAllToAllKeys,
    .read_targets = read_all_to_all,
};

}  // namespace seamount::compiler::frontend
