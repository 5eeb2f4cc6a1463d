#pragma once

#include <cstdint>
#include <vector>

#include "emulator/energy/ledger.hpp"
#include "isa/base/id_vector.hpp"
#include "isa/chip/chip_spec.hpp"
#include "isa/image/image.hpp"

namespace seamount::emu {

/// Where the used cores and the host port of a chip sit.
struct ChipLayout {
    /// Throws InputError (RUN-CHIP) if `image` uses cores that `chip` does not have.
    ChipLayout(const isa::Image& image, const isa::ChipSpec& chip);

    /// What draws power on `chip`.
    [[nodiscard]] PoweredParts powered(const isa::ChipSpec& chip) const noexcept {
        return {.chips = chip.mesh.chips_x * chip.mesh.chips_y,
                .tiles = tiles_in_use,
                .cores = static_cast<std::uint32_t>(tile_of_core.size())};
    }

    /// From the last arrival at the barrier to the next step: the wavefront over the tiles in use,
    /// then the host's management of the step.
    [[nodiscard]] Picoseconds barrier_time(const isa::ChipSpec& chip) const {
        return chip.barrier.time(diameter, tiles_in_use) + chip.price(isa::Event::kHostStep).time;
    }

    IdVector<CoreSlot, TileId> tile_of_core;
    IdVector<CoreSlot, CoreId> number_of_core;  ///< on the chip
    TileId host_tile;
    std::uint32_t tiles_in_use = 0;  ///< tiles with used cores, and the host's if there is input
    std::uint32_t diameter = 0;      ///< (width - 1) + (height - 1) of the box around these tiles
};

/// What `image` powers on `chip`. Throws InputError (RUN-CHIP).
[[nodiscard]] PoweredParts powered_parts(const isa::Image& image, const isa::ChipSpec& chip);

}  // namespace seamount::emu
