#include "compiler/ir/tile_padding.hpp"

#include <algorithm>

namespace seamount::compiler {
namespace {

/// How many neurons each shard has.
std::vector<std::uint32_t> sizes_of(IdSpan<NeuronId, const ShardId> shard_of) {
    std::vector<std::uint32_t> sizes;
    for (const ShardId shard : shard_of) {
        if (shard.index() >= sizes.size()) sizes.resize(shard.index() + 1);
        ++sizes[shard.index()];
    }
    return sizes;
}

/// The cut of a population into equal tiles; nothing if it is none.
std::optional<TilePadding> cut_of(const MapShape& map, NeuronId first,
                                  IdSpan<NeuronId, const ShardId> shard_of,
                                  const std::vector<std::uint32_t>& sizes) {
    const auto shard_at = [&](std::uint32_t c, std::uint32_t y, std::uint32_t x) {
        return shard_of[first + map.index(c, y * map.width + x)];
    };
    TilePadding cut{map, 1, 1, {}};
    const ShardId corner = shard_at(0, 0, 0);
    while (cut.tile_height < map.height && shard_at(0, cut.tile_height, 0) == corner) {
        ++cut.tile_height;
    }
    while (cut.tile_width < map.width && shard_at(0, 0, cut.tile_width) == corner) {
        ++cut.tile_width;
    }
    for (std::uint32_t y = 0; y < map.height; y += cut.tile_height) {
        for (std::uint32_t x = 0; x < map.width; x += cut.tile_width) {
            const ShardId shard = shard_at(0, y, x);
            const std::uint32_t height = std::min(cut.tile_height, map.height - y);
            const std::uint32_t width = std::min(cut.tile_width, map.width - x);
            if (sizes[shard.index()] != height * width * map.channels) return std::nullopt;
            cut.shard_of_tile.push_back(shard);
        }
    }
    for (std::uint32_t i = 0; i < map.size(); ++i) {
        const std::uint32_t place = map.place(i);
        if (shard_of[first + i] != cut.shard_at(place / map.width, place % map.width)) {
            return std::nullopt;
        }
    }
    return cut;
}

}  // namespace

std::optional<MapShape> map_of(const Lowered& lowered, std::uint32_t population) {
    std::optional<MapShape> as_target;
    std::optional<MapShape> as_source;
    bool agree = true;
    for (const LoweredProjection& p : lowered.projections) {
        if (!p.share || !p.convolution) continue;
        if (p.to == population) {
            agree = agree && (!as_target || *as_target == p.convolution->out);
            as_target = p.convolution->out;
        }
        if (p.from == SourceRef{false, population}) {
            agree = agree && (!as_source || *as_source == p.convolution->in);
            as_source = p.convolution->in;
        }
    }
    if (!agree || (as_target && as_source && *as_target != *as_source)) return std::nullopt;
    return as_target ? as_target : as_source;
}

std::vector<std::optional<TilePadding>> tile_paddings(const Lowered& lowered,
                                                      IdSpan<NeuronId, const ShardId> shard_of) {
    std::vector<std::optional<TilePadding>> paddings(lowered.populations.size());
    if (!lowered.pool) return paddings;
    const std::vector<std::uint32_t> sizes = sizes_of(shard_of);
    for (std::uint32_t p = 0; p < paddings.size(); ++p) {
        const std::optional<MapShape> map = map_of(lowered, p);
        if (!map) continue;
        auto cut = cut_of(*map, lowered.populations[p].first_neuron, shard_of, sizes);
        if (cut && cut->padded() != cut->map) paddings[p] = std::move(cut);
    }
    return paddings;
}

IdVector<ShardId, std::uint32_t> padding_of_shards(
    const std::vector<std::optional<TilePadding>>& paddings, std::uint32_t shards) {
    IdVector<ShardId, std::uint32_t> neurons(shards);
    for (const std::optional<TilePadding>& cut : paddings) {
        if (!cut) continue;
        const MapShape padded = cut->padded();
        for (std::uint32_t y = 0; y < padded.height; ++y) {
            for (std::uint32_t x = 0; x < padded.width; ++x) {
                if (y < cut->map.height && x < cut->map.width) continue;
                neurons[cut->shard_at(y, x)] += padded.channels;
            }
        }
    }
    return neurons;
}

}  // namespace seamount::compiler
