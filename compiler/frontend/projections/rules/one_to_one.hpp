#pragma once

#include <fmt/format.h>

#include "compiler/frontend/projections/rules/rule.hpp"

namespace seamount::compiler::frontend {

inline RuleSpec read_one_to_one(const RuleRequest& request) {
    RuleSpec spec;
    const ProjectionEnds& ends = request.ends;
    if (ends.sources == ends.targets) {
        spec.topology = one_to_one(ends.sources);
    } else if (ends.known()) {
        request.projection.error(
            "NET-SHAPE",
            fmt::format("one_to_one from {} sources to {} targets", ends.sources, ends.targets),
            "both must have the same size");
    }
    return spec;
}

/// None belongs to the rule.
inline const yaml::Form& one_to_one_keys() {
    static const yaml::Form form{"one_to_one", ""};
    return form;
}
inline constexpr ProjectionRule kOneToOneRule{
    .name = "one_to_one",
    .meaning = "source i to target i",
    .keys = one_to_one_keys,
    .value_per_edge = true,
    .read_targets = read_one_to_one,
};

}  // namespace seamount::compiler::frontend
