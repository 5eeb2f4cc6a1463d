#include "emulator/timing/layout.hpp"

#include <algorithm>
#include <string>

namespace seamount::emu {

ChipLayout::ChipLayout(const isa::Image& image, const isa::ChipSpec& chip) {
    Diagnostics problems;
    for (const isa::CoreImage& core : image.cores) {
        if (core.core.value() >= chip.cores()) {
            problems.error("RUN-CHIP", {image.network, 0, 0},
                           "the image uses core " + std::to_string(core.core.value()) +
                               ", but chip '" + chip.name + "' has cores 0 to " +
                               std::to_string(chip.cores() - 1),
                           "compile the network for this chip");
            continue;
        }
        tile_of_core.push_back(chip.tile_of(core.core));
        number_of_core.push_back(core.core);
    }
    problems.throw_if_errors();
    host_tile = chip.host_tile();

    std::vector<TileId> used = tile_of_core.list();
    if (!image.inputs.empty()) used.push_back(host_tile);
    std::sort(used.begin(), used.end());
    used.erase(std::unique(used.begin(), used.end()), used.end());
    tiles_in_use = static_cast<std::uint32_t>(used.size());
    if (used.empty()) return;

    std::uint32_t west = chip.width;
    std::uint32_t east = 0;
    for (const TileId tile : used) {
        west = std::min(west, chip.column_of(tile));
        east = std::max(east, chip.column_of(tile));
    }
    diameter = (east - west) + (chip.row_of(used.back()) - chip.row_of(used.front()));
}

PoweredParts powered_parts(const isa::Image& image, const isa::ChipSpec& chip) {
    return ChipLayout{image, chip}.powered(chip);
}

}  // namespace seamount::emu
