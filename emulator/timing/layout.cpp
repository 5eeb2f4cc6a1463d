#include "emulator/timing/layout.hpp"

#include <algorithm>
#include <string>

namespace seamount::emu {

ChipLayout::ChipLayout(const isa::Image& image, const isa::ChipSpec& chip) {
    Diagnostics problems;
    for (const isa::CoreImage& core : image.cores) {
        if (core.core >= chip.cores()) {
            problems.error("RUN-CHIP", {image.network, 0, 0},
                           "the image uses core " + std::to_string(core.core) + ", but chip '" +
                               chip.name + "' has cores 0 to " + std::to_string(chip.cores() - 1),
                           "compile the network for this chip");
            continue;
        }
        tile_of_core.push_back(TileId{chip.tile_of(core.core)});
    }
    problems.throw_if_errors();
    host_tile = TileId{chip.host_tile_y * chip.width + chip.host_tile_x};

    std::vector<TileId> used = tile_of_core;
    if (!image.inputs.empty()) used.push_back(host_tile);
    std::sort(used.begin(), used.end());
    used.erase(std::unique(used.begin(), used.end()), used.end());
    tiles_in_use = static_cast<std::uint32_t>(used.size());
    if (used.empty()) return;

    std::uint32_t west = chip.width;
    std::uint32_t east = 0;
    for (const TileId tile : used) {
        west = std::min(west, tile.value() % chip.width);
        east = std::max(east, tile.value() % chip.width);
    }
    diameter =
        (east - west) + (used.back().value() / chip.width - used.front().value() / chip.width);
}

PoweredParts powered_parts(const isa::Image& image, const isa::ChipSpec& chip) {
    return ChipLayout{image, chip}.powered(chip);
}

}  // namespace seamount::emu
