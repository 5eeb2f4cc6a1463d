#pragma once

#include <string>

#include "tools/conform/vectors/case.hpp"

namespace seamount::conform {

/// Why a vector would not be compared as it was meant: a key that its kind (schema or model) does
/// not have, with the one that may be meant, or an expected output that is missing. Empty: nothing
/// is wrong, or the kind is not known.
[[nodiscard]] std::string fault_of_keys(const std::string& kind, const Json& vector);

}  // namespace seamount::conform
