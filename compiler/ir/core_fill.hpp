#pragma once

#include <cstdint>

#include "isa/base/ids.hpp"
#include "isa/chip/core_limits.hpp"

namespace seamount::compiler {

/// What the neurons of a shard, or of a core, take of its resources.
struct CoreFill : isa::CoreAmounts {};

/// The fill of a core of the chip, for reports.
struct PlacedFill : CoreFill {
    CoreId core;
};

}  // namespace seamount::compiler
