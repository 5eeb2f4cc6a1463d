#pragma once

#include <string>
#include <string_view>

namespace seamount::explore {

/// The unit of a formula over keys of a summary, or of a parameter's path, which have it at their
/// end: "s", "J", "J·s"; empty if there is none, or the formula is more than a product or quotient
/// of names.
[[nodiscard]] std::string unit_of(std::string_view formula);

}  // namespace seamount::explore
