#pragma once

#include <cstdint>
#include <vector>

#include "compiler/ir/lowered.hpp"
#include "compiler/ir/mapping_method.hpp"
#include "isa/chip/chip_spec.hpp"

namespace seamount::compiler {

/// How feature maps are cut into tiles.
enum class TileRule : std::uint8_t {
    /// Whole height, all channels, the width a power of two: from the whole map on, halved until it
    /// fits; if no width does, halved in height, then in channels. As the vendor's compiler of
    /// Loihi
    /// 2 cuts, but for its other limit of synapse words. Complete projections without a map are cut
    /// into equal parts.
    kSilicon,
    /// The fewest tiles of equal extent, of these the smallest, of these those that the fewest
    /// source places reach.
    kFree,
};

/// Gives the neurons of every population that is a feature map (compiler/ir/tile_padding.hpp), and
/// of which no neuron has a shard yet, shards of their own by tiles that keep all limits of a core.
/// Populations that are compartments of cells, that have a region, or that fit nowhere are left
/// alone. Chips with a pool only. False, with the mapping unfinished, if the chip has too few
/// cores. No tile has more work than `cap` says, if one of a single neuron would not.
[[nodiscard]] bool cut_into_tiles(const Lowered& lowered, const isa::ChipSpec& chip, TileRule rule,
                                  const WorkCap& cap, Mapping& mapping);

}  // namespace seamount::compiler
