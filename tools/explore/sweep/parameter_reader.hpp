#pragma once

#include <string>

#include "isa/yaml/yaml.hpp"
#include "tools/explore/sweep/parameter.hpp"

namespace seamount::explore {

/// Most levels of one parameter, and most points of a design.
inline constexpr double kMaxLevels = 1e6;

/// Reads `set:`, `parameters:`, `derived:` and `constraints:` of a sweep. Problems are reported at
/// their nodes.
[[nodiscard]] Space read_space(const YamlNode& root);

/// Reads a map of paths to scalars, and where these stand. Reports EXP-PATH and YML-TYPE.
[[nodiscard]] Assignment read_assignment(const YamlNode& map, Places& places);

/// Reads a formula whose names must be among `names`. Reports EXP-FORMULA.
[[nodiscard]] std::optional<Formula> read_formula(const YamlNode& node,
                                                  const std::map<std::string, std::string>& names);

}  // namespace seamount::explore
