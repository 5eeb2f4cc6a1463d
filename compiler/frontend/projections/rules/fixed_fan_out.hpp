#pragma once

#include <fmt/format.h>

#include <array>

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

inline constexpr std::array kFixedFanOutKeys{"fan_out", "self"};
inline constexpr ProjectionRule kFixedFanOutRule{
    .name = "fixed_fan_out",
    .meaning = "so many different targets for each source",
    .keys = kFixedFanOutKeys,
    .read_targets = read_fixed_fan_out,
};

}  // namespace seamount::compiler::frontend
