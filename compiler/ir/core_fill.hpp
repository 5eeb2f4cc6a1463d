#pragma once

#include <cstdint>

#include "isa/chip/core_limits.hpp"

namespace seamount::compiler {

/// What one core needs, for reports.
struct CoreFill : isa::CoreAmounts {
    std::uint32_t core = 0;
};

}  // namespace seamount::compiler
