#include "emulator/mesh/packet/link_order.hpp"

#include <algorithm>
#include <utility>

namespace seamount::emu {

namespace {

/// Links of lower ranks feed those of higher ones.
std::uint64_t rank(const MeshGrid& grid, std::uint32_t mesh, TileId tile, Direction way) {
    if (const isa::Routes* const tables = grid.tables()) {
        // Routes climb to lower and lower ranks, then descend to higher and higher ones.
        return tables->descends(tile, way) ? grid.tiles() + tables->rank(tile)
                                           : grid.tiles() - 1 - tables->rank(tile);
    }
    const std::uint32_t width = grid.width();
    const std::uint32_t height = grid.height();
    const bool along_x = way == Direction::kEast || way == Direction::kWest;
    const std::uint32_t x = way == Direction::kWest ? width - 1 - grid.x(tile) : grid.x(tile);
    const std::uint32_t y = way == Direction::kNorth ? height - 1 - grid.y(tile) : grid.y(tile);
    const bool second = along_x == grid.y_first(mesh);
    return (along_x ? x : y) + (second ? std::uint64_t{width} + height : 0);
}

}  // namespace

std::vector<std::uint32_t> links_upstream_first(const MeshGrid& grid) {
    std::vector<std::uint32_t> order;
    for (std::uint32_t mesh = 0; mesh < grid.meshes(); ++mesh) {
        std::vector<std::pair<std::uint64_t, std::uint32_t>> ranked;
        for (const TileId tile : grid.tile_ids()) {
            for (std::size_t port = 0; port < index_of(Direction::kLocal); ++port) {
                const auto way = static_cast<Direction>(port);
                if (!grid.exists(tile, way)) continue;
                const std::size_t link = grid.router(mesh, tile) * kDirections + port;
                ranked.emplace_back(rank(grid, mesh, tile, way), static_cast<std::uint32_t>(link));
            }
        }
        std::stable_sort(ranked.begin(), ranked.end(),
                         [](const auto& a, const auto& b) { return a.first < b.first; });
        for (const auto& [unused, index] : ranked) order.push_back(index);
    }
    return order;
}

}  // namespace seamount::emu
