#pragma once

#include <cstdint>
#include <vector>

#include "emulator/core/core_activity.hpp"
#include "isa/microcode/interpreter.hpp"

namespace seamount::emu {

/// What a core's compartments did in one step, computed by somebody else: a debugger that changed
/// something in the middle of it.
struct CoreUpdate {
    struct Push {
        std::uint32_t compartment = 0;  ///< target, within the core
        std::uint8_t accumulator = 0;
        std::int32_t value = 0;
    };
    std::vector<isa::Lane> lanes;  ///< of each compartment, after its program
    std::vector<Push> pushes;      ///< that act in the next step
    CoreActivity activity;         ///< of the update alone, without padding
};

}  // namespace seamount::emu
