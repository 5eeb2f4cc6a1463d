#pragma once

#include <cstdint>

#include "compiler/ir/lowered.hpp"
#include "isa/chip/core_limits.hpp"

namespace seamount::compiler {

/// What no mapping can go below.
struct LeastCores {
    std::uint64_t cores = 0;
    isa::CoreLimit by = isa::CoreLimit::kCompartments;  ///< the limit that takes so many
};

/// Cores that the neurons without a shard need by what simply adds up over cores: compartments, and
/// synapses and their bits without the overhead of blocks (not where rows are shared, nor on chips
/// with a pool of words). O(synapses).
[[nodiscard]] LeastCores least_cores(const Lowered& lowered, const Mapping& mapping,
                                     const isa::CoreLimits& limits);

/// Whether some neuron without a shard has so many synapses that it can hardly fit on a core.
/// A hint to look closely: sources that have several synapses to it are counted several times.
[[nodiscard]] bool has_huge_fan_in(const Lowered& lowered, const Mapping& mapping,
                                   const isa::CoreLimits& limits);

}  // namespace seamount::compiler
