#include "compiler/partition/tiles.hpp"

#include <algorithm>
#include <bit>
#include <optional>
#include <tuple>

#include "compiler/ir/pool_use.hpp"
#include "compiler/ir/tile_padding.hpp"
#include "compiler/partition/fill/open_core.hpp"

namespace seamount::compiler {
namespace {

/// Extents of a tile. With the silicon's rule those at the edge are filled up to it.
struct Tile {
    std::uint32_t channels = 1;
    std::uint32_t height = 1;
    std::uint32_t width = 1;
};

std::uint32_t parts(std::uint32_t whole, std::uint32_t part) {
    return (whole + part - 1) / part;
}

/// Cuts one population after the other.
class Tiler {
public:
    Tiler(const Lowered& lowered, const isa::ChipSpec& chip, TileRule rule, const WorkCap& cap,
          Mapping& mapping)
        : lowered_{lowered},
          limits_{effective_limits(chip.limits)},
          cores_{chip.cores()},
          rule_{rule},
          cap_{cap},
          mapping_{mapping},
          incoming_{lowered},
          memory_(lowered.neuron_count()),
          core_{lowered, incoming_, limits_, memory_} {}

    bool run() {
        for (std::uint32_t p = 0; p < lowered_.populations.size(); ++p) {
            if (!is_free(p)) continue;
            std::optional<MapShape> map = map_of(lowered_, p);
            // Without a map: as one row of places.
            if (!map && rule_ == TileRule::kSilicon && is_complete(p)) {
                map = MapShape{1, 1, lowered_.populations[p].size, false};
            }
            if (!map || map->size() != lowered_.populations[p].size) continue;
            const bool plane = map_of(lowered_, p).has_value();
            const std::optional<Tile> tile = rule_ == TileRule::kFree ? free_tile(p, *map)
                                             : plane                  ? halved_tile(p, *map)
                                                                      : equal_parts(p, *map);
            if (tile) cut(p, *map, *tile);
            if (mapping_.shards > cores_) return false;
        }
        return true;
    }

private:
    [[nodiscard]] bool is_free(std::uint32_t p) const {
        const LoweredPopulation& population = lowered_.populations[p];
        if (!population.region.empty() || population.parent) return false;
        const auto is_child = [p](const LoweredPopulation& other) { return other.parent == p; };
        if (std::ranges::any_of(lowered_.populations, is_child)) return false;
        for (std::uint32_t i = 0; i < population.size; ++i) {
            if (mapping_.shard_of[population.first_neuron + i] != Mapping::kNoShard) return false;
        }
        return true;
    }

    /// All that reaches it comes from projections with a synapse from each source to each target.
    [[nodiscard]] bool is_complete(std::uint32_t p) const {
        bool any = false;
        for (const LoweredProjection& projection : lowered_.projections) {
            if (projection.to != p) continue;
            if (!projection.full_rows) return false;
            any = true;
        }
        return any;
    }

    std::vector<OpenCore::Neuron> neurons_of(std::uint32_t p, const MapShape& map, const Tile& tile,
                                             std::uint32_t c0, std::uint32_t y0,
                                             std::uint32_t x0) const {
        std::vector<OpenCore::Neuron> neurons;
        const NeuronId first = lowered_.populations[p].first_neuron;
        for (std::uint32_t y = y0; y < std::min(y0 + tile.height, map.height); ++y) {
            for (std::uint32_t x = x0; x < std::min(x0 + tile.width, map.width); ++x) {
                for (std::uint32_t c = c0; c < std::min(c0 + tile.channels, map.channels); ++c) {
                    neurons.push_back({first + map.index(c, y * map.width + x), p});
                }
            }
        }
        return neurons;
    }

    /// Whether a core holds the first tile, which is as large as any; filled up if the rule says
    /// so.
    bool fits(std::uint32_t p, const MapShape& map, const Tile& tile) {
        const std::uint64_t size = std::uint64_t{tile.channels} * tile.height * tile.width;
        const std::uint64_t held = std::uint64_t{std::min(tile.channels, map.channels)} *
                                   std::min(tile.height, map.height) *
                                   std::min(tile.width, map.width);
        if (limits_.compartments != 0 && held > limits_.compartments) return false;
        if (rule_ == TileRule::kSilicon && size > limits_.compartments) return false;
        if (size > 1 && exceeds_cap(p, map, tile)) return false;
        const std::vector<OpenCore::Neuron> neurons = neurons_of(p, map, tile, 0, 0, 0);
        const bool fit = core_.add(neurons).empty();
        core_.clear();
        return fit;
    }

    /// Whether the busiest tile has more work than a core may have.
    [[nodiscard]] bool exceeds_cap(std::uint32_t p, const MapShape& map, const Tile& tile) const {
        if (!cap_.given()) return false;
        const std::uint32_t columns = parts(map.width, tile.width);
        const std::uint32_t rows = parts(map.height, tile.height);
        std::vector<std::uint64_t> work(std::size_t{columns} * rows *
                                        parts(map.channels, tile.channels));
        const NeuronId first = lowered_.populations[p].first_neuron;
        for (std::uint32_t c = 0; c < map.channels; ++c) {
            for (std::uint32_t place = 0; place < map.height * map.width; ++place) {
                const std::uint32_t row = place / map.width / tile.height;
                const std::uint32_t column = place % map.width / tile.width;
                work[(std::size_t{c / tile.channels} * rows + row) * columns + column] +=
                    cap_.of[first + map.index(c, place)];
            }
        }
        return *std::ranges::max_element(work) > cap_.most;
    }

    std::optional<Tile> halved_tile(std::uint32_t p, const MapShape& map) {
        Tile tile{map.channels, map.height, std::bit_ceil(map.width)};
        while (!fits(p, map, tile)) {
            if (tile.width > 1) {
                tile.width /= 2;
            } else if (tile.height > 1) {
                tile.height = (tile.height + 1) / 2;
            } else if (tile.channels > 1) {
                tile.channels = (tile.channels + 1) / 2;
            } else {
                return std::nullopt;
            }
        }
        return tile;
    }

    /// Cuts by how much the whole exceeds its worst limit, then halves.
    std::optional<Tile> equal_parts(std::uint32_t p, const MapShape& map) {
        std::uint64_t count = 1;
        const std::vector<OpenCore::Neuron> all = neurons_of(p, map, {1, 1, map.width}, 0, 0, 0);
        for (const LimitExcess& excess : core_.add(all)) {
            count = std::max(count, (excess.need + excess.allowed - 1) / excess.allowed);
        }
        core_.clear();
        for (; count < 2 * std::uint64_t{map.width}; count *= 2) {
            const auto now = static_cast<std::uint32_t>(std::min<std::uint64_t>(count, map.width));
            const Tile tile{1, 1, parts(map.width, now)};
            if (fits(p, map, tile)) return tile;
        }
        return std::nullopt;
    }

    /// Places of source maps that the tiles reach, all together: what decides the packets.
    [[nodiscard]] std::uint64_t reach(std::uint32_t p, const MapShape& map,
                                      const Tile& tile) const {
        std::uint64_t places = 0;
        for (const LoweredProjection& projection : lowered_.projections) {
            if (projection.to != p || !is_kernel(projection)) continue;
            const Convolution& c = *projection.convolution;
            const auto extent = [&c](std::uint32_t tile_extent, std::size_t axis,
                                     std::uint32_t source) {
                const std::uint64_t taps =
                    std::uint64_t{c.dilation[axis]} * (c.kernel[axis] - 1) + 1;
                return std::min<std::uint64_t>(
                    (std::uint64_t{tile_extent} - 1) * c.stride[axis] + taps, source);
            };
            places += std::uint64_t{c.in.channels} * parts(map.channels, tile.channels) *
                      parts(map.height, tile.height) * parts(map.width, tile.width) *
                      extent(tile.height, 0, c.in.height) * extent(tile.width, 1, c.in.width);
        }
        return places;
    }

    /// The widest tile of a height that fits, evened out over the width; none if no width does.
    std::optional<Tile> widest(std::uint32_t p, const MapShape& map, std::uint32_t channels,
                               std::uint32_t height) {
        std::uint32_t low = 0;
        std::uint32_t high = map.width;
        while (low < high) {  // the first `low` columns fit, high + 1 do not
            const std::uint32_t middle = low + (high - low + 1) / 2;
            if (fits(p, map, {channels, height, middle})) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        if (low == 0) return std::nullopt;
        return Tile{channels, height, parts(map.width, parts(map.width, low))};
    }

    std::optional<Tile> free_tile(std::uint32_t p, const MapShape& map) {
        std::optional<Tile> best;
        std::tuple<std::uint64_t, std::uint64_t, std::uint64_t> cost;
        for (std::uint32_t splits = 1; splits <= map.channels; ++splits) {
            const std::uint32_t channels = parts(map.channels, splits);
            if (best && parts(map.channels, channels) >= std::get<0>(cost)) break;
            std::uint32_t last_height = 0;
            for (std::uint32_t rows = 1; rows <= map.height; ++rows) {
                const std::uint32_t height = parts(map.height, rows);
                if (height == last_height) continue;
                last_height = height;
                const std::uint64_t least =
                    std::uint64_t{parts(map.channels, channels)} * parts(map.height, height);
                if (best && least > std::get<0>(cost)) break;
                const std::optional<Tile> tile = widest(p, map, channels, height);
                if (!tile) continue;
                const std::tuple now{least * parts(map.width, tile->width),
                                     std::uint64_t{tile->channels} * tile->height * tile->width,
                                     reach(p, map, *tile)};
                if (!best || now < cost) {
                    best = tile;
                    cost = now;
                }
            }
            if (best) break;  // fewer channels per tile only where a place does not fit
        }
        return best;
    }

    void cut(std::uint32_t p, const MapShape& map, const Tile& tile) {
        for (std::uint32_t c = 0; c < map.channels; c += tile.channels) {
            for (std::uint32_t y = 0; y < map.height; y += tile.height) {
                for (std::uint32_t x = 0; x < map.width; x += tile.width) {
                    const ShardId shard{mapping_.shards++};
                    mapping_.core_of.push_back(Mapping::kUnplaced);
                    for (const OpenCore::Neuron& neuron : neurons_of(p, map, tile, c, y, x)) {
                        mapping_.shard_of[neuron.id] = shard;
                    }
                }
            }
        }
    }

    const Lowered& lowered_;
    isa::CoreLimits limits_;
    std::uint32_t cores_;
    TileRule rule_;
    const WorkCap& cap_;
    Mapping& mapping_;
    Incoming incoming_;
    IdVector<NeuronId, std::uint32_t> memory_;  ///< nothing expected: tiles have few entries
    OpenCore core_;
};

}  // namespace

bool cut_into_tiles(const Lowered& lowered, const isa::ChipSpec& chip, TileRule rule,
                    const WorkCap& cap, Mapping& mapping) {
    return Tiler{lowered, chip, rule, cap, mapping}.run();
}

}  // namespace seamount::compiler
