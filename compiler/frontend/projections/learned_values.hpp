#pragma once

#include <memory>

#include "compiler/frontend/projections/rules/rule.hpp"
#include "compiler/frontend/rows/values/edge_values.hpp"

namespace seamount::compiler::frontend {

/// Whether `weights:` or `delay:` is `{learned: FILE.npz}`.
[[nodiscard]] bool says_learned(const YamlNode& values);

/// Reads `weights: {learned: FILE.npz, projection: NAME}`: what `run --save-weights FILE.npz` wrote
/// for the synapses of the projection of that name (default: the one that is read). Sets
/// `learned`, and `sign_mode` to that of the archive. The synapses must be those of the rule, one
/// for one. Reports problems (NET-SHAPE: another number of synapses; NET-LEARNED: other ends;
/// NET-VALUE: beyond 9 bits or the sign) and returns null.
[[nodiscard]] std::shared_ptr<const EdgeValues> read_learned_weights(const RuleRequest& request,
                                                                     const RuleSpec& rule,
                                                                     Projection& projection);

/// Reads `delay: {learned: FILE.npz}` in the same way, for rules that learn delays.
[[nodiscard]] std::shared_ptr<const EdgeValues> read_learned_delays(const RuleRequest& request,
                                                                    const RuleSpec& rule,
                                                                    const Projection& projection);

}  // namespace seamount::compiler::frontend
