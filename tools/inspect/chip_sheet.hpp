#pragma once

#include <string>

#include "isa/chip/chip_spec.hpp"

namespace seamount::tools {

/// Data sheet of a chip: every number with its unit, whether the file says it, inherits it or
/// leaves it at its default, how well it is known and its source.
[[nodiscard]] std::string chip_sheet(const isa::ChipSpec& chip);

}  // namespace seamount::tools
