#include "emulator/mesh/grid/mesh_params.hpp"

#include <algorithm>

namespace seamount::emu {

Ticks MeshParams::longest_delay() const noexcept {
    return std::max({inject, hop_east_west, hop_north_south, hop_off_chip, eject + eject_credit,
                     occupancy, off_chip_occupancy, local_occupancy, allocate, credit});
}

MeshParams MeshParams::of(const isa::ChipSpec& chip) {
    const auto price = [&](isa::Event event) { return to_ticks(chip.price(event).time); };
    MeshParams params;
    params.width = chip.width;
    params.height = chip.height;
    params.chip_width = chip.width / chip.mesh.chips_x;
    params.chip_height = chip.height / chip.mesh.chips_y;
    params.meshes = chip.mesh.meshes;
    params.policy = chip.mesh.policy;
    params.routing = chip.mesh.routing;
    if (!chip.faults.dead_links.empty()) params.tables = std::make_shared<isa::Routes>(chip);
    params.inject = price(isa::Event::kTileSpike);
    params.hop_east_west = price(isa::Event::kHopEastWest);
    params.hop_north_south = price(isa::Event::kHopNorthSouth);
    params.hop_off_chip = price(isa::Event::kHopOffChip);
    params.occupancy = to_ticks(chip.link_occupancy);
    params.local_occupancy = to_ticks(chip.mesh.local_occupancy);
    params.off_chip_occupancy = to_ticks(chip.mesh.offchip_occupancy);
    params.credit = to_ticks(chip.mesh.credit);
    params.eject_credit = params.credit;
    params.buffer_flits = chip.mesh.buffer_flits;
    params.virtual_channels = chip.mesh.virtual_channels;
    return params;
}

MeshParams MeshParams::of(Pipeline pipeline, std::uint32_t width, std::uint32_t height) {
    MeshParams params;
    params.width = width;
    params.height = height;
    params.inject = Ticks{2};
    params.hop_east_west = Ticks{3};
    params.hop_north_south = Ticks{3};
    params.hop_off_chip = Ticks{3};
    params.eject = Ticks{3};
    params.occupancy = Ticks{1};
    params.local_occupancy = Ticks{1};
    params.off_chip_occupancy = Ticks{1};
    params.allocate = Ticks{pipeline == Pipeline::kA ? 0U : 1U};
    params.credit = Ticks{2};
    params.eject_credit = Ticks{2};
    return params;
}

}  // namespace seamount::emu
