#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "compiler/frontend/rows/values/edge_values.hpp"
#include "compiler/frontend/rows/values/formula_text.hpp"

namespace seamount::compiler::frontend {

/// What a formula can refer to besides the indices; shapes as in the YAML, sizes are their
/// products.
struct FormulaEnds {
    std::vector<std::uint32_t> source_shape;
    std::vector<std::uint32_t> target_shape;
};

/// Evaluates a muParser expression over the variables of NETWORK.md. Coordinates are index /
/// (extent - 1) of the last (x, u) and the last but one (y, v) dimension, 0 where there is none or
/// its extent is 1. `rounded` rounds to the nearest integer. Throws FormulaError; values() does so
/// too if a function rejects its arguments.
[[nodiscard]] std::shared_ptr<const EdgeValues> formula_values(const std::string& text,
                                                               const FormulaEnds& ends,
                                                               bool rounded);

/// A formula of `d` and `pi` alone. Throws FormulaError; so does the function.
[[nodiscard]] std::function<double(double d)> formula_of_distance(const std::string& text);

/// A formula of the neurons of a population of this shape: of `i` (index), `n` (size), `x`, `y`
/// (its place, as above) and `pi`. Throws FormulaError; so does the function.
[[nodiscard]] std::function<double(std::uint32_t neuron)> formula_of_neuron(
    const std::string& text, const std::vector<std::uint32_t>& shape);

/// The same of `t`, the step, too.
[[nodiscard]] std::function<double(std::uint32_t neuron, double t)> formula_of_neuron_in_time(
    const std::string& text, const std::vector<std::uint32_t>& shape);

}  // namespace seamount::compiler::frontend
