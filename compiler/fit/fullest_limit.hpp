#pragma once

#include <cstdint>

#include "isa/chip/core_limits.hpp"

namespace seamount::compiler {

/// A limit of a core, and how much of it is used.
struct LimitUse {
    isa::CoreLimit limit = isa::CoreLimit::kCompartments;
    std::uint64_t used = 0;
    std::uint64_t allowed = 0;  ///< 0: the core has no limit at all
    double share = -1.0;        ///< used / allowed
};

/// The limit that binds a core: the one that is used most of those that its neurons, synapses and
/// axons fill. What a core has some of whatever its size (kinds of synapses and of neurons, their
/// programs) binds only if it is used up.
[[nodiscard]] LimitUse fullest_limit(const isa::CoreAmounts& fill, const isa::CoreLimits& limits);

}  // namespace seamount::compiler
