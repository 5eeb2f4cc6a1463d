#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "compiler/ir/lowered.hpp"
#include "isa/spec/chip_spec.hpp"

namespace seamount::compiler {

/// Gives every shard without a core one: free cores in the order of `placer`, "row_major" (also
/// "auto": core ids ascending) or "hilbert" (tiles along a Hilbert curve, so that consecutive
/// shards are close). Pinned shards keep their core. A `seed` other than 1 starts further along the
/// order. Requires as many cores as shards.
void place(Mapping& mapping, const isa::ChipSpec& chip, const std::string& placer,
           std::uint64_t seed);

/// The same, and by traffic for "auto" and "anneal": starts from "hilbert" and exchanges shards
/// that are not pinned so that packets travel fewer hops. `rates` weighs the neurons as the
/// partitioner does. With more than 2,048 shards the start is kept.
void place(const Lowered& lowered, Mapping& mapping, const isa::ChipSpec& chip,
           const std::string& placer, std::uint64_t seed, std::span<const std::uint32_t> rates);

/// What one spike of every neuron loads onto the mesh. Host inputs are not counted.
struct Traffic {
    std::uint64_t packets = 0;  ///< (neuron, distinct other core) pairs
    std::uint64_t local_packets =
        0;                       ///< neurons that reach their own core: packets that stay there
    std::uint64_t hops = 0;      ///< links crossed by those packets, XY routing
    std::uint64_t max_link = 0;  ///< packets on the busiest link, each direction for itself
};

[[nodiscard]] Traffic count_traffic(const Lowered& lowered, const Mapping& mapping,
                                    const isa::ChipSpec& chip);

}  // namespace seamount::compiler
