#pragma once

#include <fmt/format.h>

#include "compiler/frontend/projections/rules/rule.hpp"

namespace seamount::compiler::frontend {

inline RuleSpec read_fixed_fan_out(const RuleRequest& request) {
    RuleSpec spec;
    const Ends ends = request.read_self();
    std::uint32_t fan_out = 0;
    if (!request.projection.require("fan_out") ||
        !request.projection.read("fan_out", fan_out, 1, kMaxSize) || !request.ends.known()) {
        return spec;
    }
    if (fan_out <= ends.candidates()) {
        spec.topology = fixed_fan_out(ends, fan_out, request.random());
    } else {
        request.projection["fan_out"].error(
            "NET-RULE", fmt::format("'fan_out' is {}, but there are {} different targets", fan_out,
                                    ends.candidates()));
    }
    return spec;
}

/// The keys that belong to the rule.
inline const yaml::Form& fixed_fan_out_keys() {
    static const yaml::Form form = [] {
        yaml::Form keys{"fixed_fan_out", ""};
        keys.key("fan_out", yaml::integer(1, kMaxSize), "different targets of each source");
        keys.key("self", yaml::boolean(), "whether a neuron may reach itself").by_default("true");
        return keys;
    }();
    return form;
}
inline constexpr ProjectionRule kFixedFanOutRule{
    .name = "fixed_fan_out",
    .meaning = "so many different targets for each source",
    .keys = fixed_fan_out_keys,
    .read_targets = read_fixed_fan_out,
};

}  // namespace seamount::compiler::frontend
