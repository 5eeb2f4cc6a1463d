#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "compiler/frontend/context/values.hpp"

namespace seamount::compiler::frontend {

/// The keys of a map that says where values come from; {column:} beside {file:} selects.
[[nodiscard]] std::vector<std::string> value_origins(const ValueRange& range);

/// Whether `node` has not more than one of them; reports NET-RULE otherwise.
bool has_one_value_origin(const YamlNode& node, const ValueRange& range);

/// Whether the map computes or draws its values.
[[nodiscard]] bool makes_values(const YamlNode& node);

/// The `range.count` values of {formula: TEXT}, {uniform: [lowest, highest]} or {normal: [mean,
/// standard deviation]}, of a range that may be made. With `integers`, formulas and normal numbers
/// go to the nearest integer, halves away from zero, and uniform ones are integers of lowest to
/// highest, both included; otherwise uniform ones are of [lowest, highest). Reports NET-FORMULA,
/// and NET-VALUE for the first value out of range, with how many there are.
[[nodiscard]] std::optional<std::vector<double>> make_values(Context& context, const YamlNode& node,
                                                             const ValueRange& range,
                                                             bool integers);

/// A value that is out of its range, for a message: a NaN in words, whatever its sign.
[[nodiscard]] std::string text_of_value(double value);
/// What keeps the values of a map of `formula` or `normal` in their range; empty: of others.
[[nodiscard]] std::string hint_of_range(const YamlNode& made);

/// The values of {uniform: [lowest, highest]} (integers) or, with `normal`, {normal: [mean,
/// standard deviation]}, drawn for a neuron as if for some argument: what changes in time has one
/// for each time. Nothing, with a message, if the pair is none.
[[nodiscard]] std::optional<std::function<double(std::uint32_t neuron, std::uint32_t argument)>>
noise_maker(const Context& context, const YamlNode& pair, const ValueRange& range, bool normal);

}  // namespace seamount::compiler::frontend
