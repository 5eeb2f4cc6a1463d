#pragma once

#include <cstdint>
#include <vector>

#include "compiler/ir/network.hpp"
#include "isa/chip/chip_spec.hpp"

namespace seamount::compiler {

/// The cores of a population's region on this chip, ascending; empty if it has none. Reports
/// CMP-REGION if the chip does not have all of it.
[[nodiscard]] std::vector<CoreId> cores_of_region(const Population& population,
                                                  const isa::ChipSpec& chip,
                                                  Diagnostics& diagnostics);

}  // namespace seamount::compiler
