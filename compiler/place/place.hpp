#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "compiler/ir/lowered.hpp"
#include "isa/chip/chip_spec.hpp"

namespace seamount::compiler {

/// Gives every shard without a core one: free cores in the order of `placer`, "row_major" (also
/// "auto": core ids ascending) or "hilbert" (tiles along a Hilbert curve, so that consecutive
/// shards are close). Pinned shards keep their core. A `seed` other than 1 starts further along the
/// order. Requires as many cores as shards.
void place(Mapping& mapping, const isa::ChipSpec& chip, const std::string& placer,
           std::uint64_t seed);

/// How shards find their cores. row_major: cores ascending. hilbert: along a Hilbert curve. force:
/// from there, each follows the pull of its partners. anneal: from there, annealing on hops. links:
/// from there, annealing on the loads of links. auto: links.
inline constexpr std::array kPlacers{"auto", "row_major", "hilbert", "force", "anneal", "links"};

/// The same, and by traffic for the other placers of kPlacers: shards that are not pinned move.
/// Shards with a region stay within it;
/// CMP-REGION is reported if it is too small. `rates` weighs the neurons as the partitioner does.
/// With more than 2,048 shards the Hilbert curve is kept.
void place(const Lowered& lowered, Mapping& mapping, const isa::ChipSpec& chip,
           const std::string& placer, std::uint64_t seed,
           IdSpan<NeuronId, const std::uint32_t> rates, Diagnostics& diagnostics);

}  // namespace seamount::compiler
