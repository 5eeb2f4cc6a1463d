#pragma once

#include <span>
#include <string>
#include <vector>

#include "compiler/frontend/projections/rules/rule.hpp"

namespace seamount::compiler::frontend {

/// All rules, in the order of messages and of the manual.
[[nodiscard]] std::span<const ProjectionRule> projection_rules();

/// The rule that a projection names. Null if it names none that there is, which is reported.
[[nodiscard]] const ProjectionRule* find_rule(const YamlNode& projection);

/// The keys of all rules that choose targets, each once.
[[nodiscard]] const std::vector<std::string>& target_keys();
/// The keys of all rules that make their rows themselves, each once.
[[nodiscard]] const std::vector<std::string>& row_keys();
/// The names of the rules of one of the two kinds that have this key: "a, b and c".
[[nodiscard]] std::string owners_of(const std::string& key);

/// Reads the keys of a rule that chooses targets, or marks them as known if there is no rule. Keys
/// of other such rules are reported (NET-RULE).
[[nodiscard]] RuleSpec read_targets(const ProjectionRule* rule, const RuleRequest& request);

}  // namespace seamount::compiler::frontend
