#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tools/session/open.hpp"

namespace seamount::tools {

/// What a user wants to know after compiling: sizes, traffic, the fullest core of each resource,
/// what quantisation lost.
[[nodiscard]] std::string compile_summary(const session::Loaded& compiled);

/// What `scale: auto` chose for a population: the scale, what thresholds and biases became,
/// exponents.
[[nodiscard]] std::string scale_text(const compiler::ChosenScale& scale);

/// What the numbers with units of a network became, a line for each; empty: it has none.
[[nodiscard]] std::string units_text(const compiler::CompileReport& report);

/// How many weights of a projection quantisation changed, and by how much.
[[nodiscard]] std::string loss_text(const compiler::QuantisationLoss& loss);

/// compiler::report_json with the names of network and chip; keys as in tools/README.md.
[[nodiscard]] std::string compile_report_json(const session::Loaded& compiled,
                                              std::uint64_t mapping_seed);

}  // namespace seamount::tools
