#pragma once

#include <map>
#include <string>
#include <variant>

namespace seamount::explore {

/// What a parameter is set to: a number, or a word such as `hilbert`.
using Value = std::variant<double, std::string>;

/// As it is written on a command line: integers without point, other numbers with the fewest digits
/// that read back the same.
[[nodiscard]] std::string to_string(const Value& value);

/// Reads a scalar of a file: a number if all of it is one, else a word.
[[nodiscard]] Value value_of(const std::string& text);

/// Path ("chip.topology.width") -> value. Ordered, so that equal assignments have equal text.
using Assignment = std::map<std::string, Value>;

/// `chip.topology.width=8 run.mesh=ideal`.
[[nodiscard]] std::string to_string(const Assignment& assignment);

}  // namespace seamount::explore
