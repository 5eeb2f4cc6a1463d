#pragma once

#include <memory>

#include "compiler/frontend/projections/rules/rule.hpp"
#include "compiler/frontend/rows/values/edge_values.hpp"

namespace seamount::compiler::frontend {

inline constexpr double kLargestWeight = 1e6;  ///< before `scale`; mantissas end at 256

/// Reads `weights:` of a projection. Without the key, an edge table's weight column. Reports
/// problems and returns null.
[[nodiscard]] std::shared_ptr<const EdgeValues> read_weights(Context& context,
                                                             const YamlNode& projection,
                                                             const RuleSpec& rule,
                                                             const ProjectionEnds& ends);

/// Reads `delay:` of a projection. Without the key, an edge table's delay column. Null if every
/// delay is 0, or after a problem.
[[nodiscard]] std::shared_ptr<const EdgeValues> read_delays(Context& context,
                                                            const YamlNode& projection,
                                                            const RuleSpec& rule,
                                                            const ProjectionEnds& ends);

}  // namespace seamount::compiler::frontend
