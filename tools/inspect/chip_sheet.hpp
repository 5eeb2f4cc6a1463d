#pragma once

#include <string>

#include "isa/chip/chip_spec.hpp"

namespace seamount::tools {

/// Data sheet of a chip: every number with its unit, how well it is known and its source.
[[nodiscard]] std::string chip_sheet(const isa::ChipSpec& chip);

}  // namespace seamount::tools
