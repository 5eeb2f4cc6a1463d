#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "compiler/ir/lowered.hpp"
#include "isa/base/id_vector.hpp"

namespace seamount::compiler {

/// A feature map that is cut into equal tiles, each alone on its shard, but for those at its right
/// and lower edge, which are smaller: chips with a pool fill them up with compartments that stand
/// for nothing.
struct TilePadding {
    MapShape map;
    std::uint32_t tile_height = 1;
    std::uint32_t tile_width = 1;
    std::vector<ShardId> shard_of_tile;  ///< by row, then column

    [[nodiscard]] std::uint32_t rows() const noexcept {
        return (map.height + tile_height - 1) / tile_height;
    }
    [[nodiscard]] std::uint32_t columns() const noexcept {
        return (map.width + tile_width - 1) / tile_width;
    }
    /// The map with what fills its tiles up.
    [[nodiscard]] MapShape padded() const noexcept {
        return {map.channels, rows() * tile_height, columns() * tile_width, map.channels_last};
    }
    [[nodiscard]] ShardId shard_at(std::uint32_t y, std::uint32_t x) const {
        return shard_of_tile[y / tile_height * columns() + x / tile_width];
    }
};

/// The map that a population is as the target or, without being one, the source of convolutions
/// that share rows; nothing if it is none, or two of them disagree.
[[nodiscard]] std::optional<MapShape> map_of(const Lowered& lowered, std::uint32_t population);

/// For each population that is cut so, and whose last tiles are smaller, how. Nothing for all
/// without Lowered::pool.
[[nodiscard]] std::vector<std::optional<TilePadding>> tile_paddings(
    const Lowered& lowered, IdSpan<NeuronId, const ShardId> shard_of);

/// Compartments that fill up each shard.
[[nodiscard]] IdVector<ShardId, std::uint32_t> padding_of_shards(
    const std::vector<std::optional<TilePadding>>& paddings, std::uint32_t shards);

}  // namespace seamount::compiler
