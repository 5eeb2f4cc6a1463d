#pragma once

#include <fmt/format.h>

#include <functional>

#include "compiler/frontend/projections/rules/rule.hpp"
#include "compiler/frontend/rows/topology/distance.hpp"

namespace seamount::compiler::frontend {

inline constexpr double kSmallestRadius = 1e-6;
inline constexpr double kLargestRadius = 2.0;  ///< the unit square's diagonal is shorter

inline RuleSpec read_distance(const RuleRequest& request) {
    RuleSpec spec;
    const YamlNode& projection = request.projection;
    const Ends ends = request.read_self();
    double radius = 0.0;
    const YamlNode probability = projection.require("probability");
    if (!projection.require("radius") ||
        !projection.read("radius", radius, kSmallestRadius, kLargestRadius) || !probability) {
        return spec;
    }
    const YamlNode formula = probability.is_map() ? probability.require("formula") : YamlNode{};
    if (probability.is_map()) probability.finish();
    try {
        std::function<double(double)> of_distance;
        if (formula) {
            of_distance = formula_of_distance(formula.text());
        } else if (const auto value = probability.number("probability", 0.0, 1.0)) {
            of_distance = [value](double) { return *value; };
        }
        if (!of_distance || !request.ends.known()) return spec;
        spec.topology = distance_rule(ends, {request.ends.source_shape, request.ends.target_shape},
                                      DistanceProfile{radius, of_distance}, request.random());
    } catch (const FormulaError& error) {
        formula.error("NET-FORMULA", fmt::format("formula '{}': {}", formula.text(), error.what()),
                      "variables: d pi");
    } catch (const DataError& error) {
        probability.error(error.code(), error.what());
    }
    return spec;
}

/// The keys that belong to the rule.
inline const yaml::Form& distance_keys() {
    static const yaml::Form form = [] {
        yaml::Form keys{"distance", ""};
        static const yaml::Form formula = [] {
            yaml::Form of_distance{"probability", "A probability that depends on the distance."};
            of_distance.key("formula", yaml::text(), "of d and pi").must();
            return of_distance;
        }();
        keys.key("probability", yaml::number(0.0, 1.0), "of each pair").or_else(yaml::map(formula));
        keys.key("radius", yaml::number(kSmallestRadius, kLargestRadius),
                 "the largest distance; the map has side 1");
        keys.key("self", yaml::boolean(), "whether a neuron may reach itself").by_default("true");
        return keys;
    }();
    return form;
}
inline constexpr ProjectionRule kDistanceRule{
    .name = "distance",
    .meaning = "each pair with a probability that depends on how far apart they are",
    .keys = distance_keys,
    .read_targets = read_distance,
};

}  // namespace seamount::compiler::frontend
