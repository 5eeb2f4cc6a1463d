#include "compiler/place/traffic/mesh_links.hpp"

#include <algorithm>
#include <array>

namespace seamount::compiler {
namespace {

using isa::Way;

constexpr double kDearest = 100.0;  // a link between chips, in links within one

double ratio(double off_chip, double within) {
    return off_chip > within && within > 0.0 ? off_chip / within : 1.0;
}

std::vector<float> places(std::uint32_t tiles, std::uint32_t chips, double off_chip) {
    const std::uint32_t length = tiles / std::max(chips, 1U);
    std::vector<float> places;
    double at = 0.0;
    for (std::uint32_t i = 0; i < tiles; ++i) {
        if (i != 0) at += i % length == 0 ? off_chip : 1.0;
        places.push_back(static_cast<float>(at));
    }
    return places;
}

/// Whether the link that leaves `tile` this way leads to another chip.
bool leads_off_chip(const isa::ChipSpec& chip, TileId tile, Way way) {
    const std::uint32_t columns = chip.width / chip.mesh.chips_x;
    const std::uint32_t rows = chip.height / chip.mesh.chips_y;
    const std::uint32_t x = chip.column_of(tile);
    const std::uint32_t y = chip.row_of(tile);
    switch (way) {
        case Way::kEast:
            return x + 1 < chip.width && (x + 1) % columns == 0;
        case Way::kWest:
            return x > 0 && x % columns == 0;
        case Way::kSouth:
            return y + 1 < chip.height && (y + 1) % rows == 0;
        case Way::kNorth:
            return y > 0 && y % rows == 0;
        case Way::kLocal:
            break;
    }
    return false;
}

}  // namespace

double off_chip_cost(const isa::ChipSpec& chip) {
    if (chip.mesh.chips_x * chip.mesh.chips_y == 1) return 1.0;
    const isa::EventPrice off = chip.price(isa::Event::kHopOffChip);
    double cost = ratio(static_cast<double>(chip.mesh.offchip_occupancy.count()),
                        static_cast<double>(chip.link_occupancy.count()));
    for (const isa::Event event : {isa::Event::kHopEastWest, isa::Event::kHopNorthSouth}) {
        const isa::EventPrice within = chip.price(event);
        cost = std::max(cost, ratio(static_cast<double>(off.time.count()),
                                    static_cast<double>(within.time.count())));
        cost = std::max(cost, ratio(off.energy.count(), within.energy.count()));
    }
    return std::min(cost, kDearest);
}

TilePlaces::TilePlaces(const isa::ChipSpec& chip)
    : x{places(chip.width, chip.mesh.chips_x, off_chip_cost(chip))},
      y{places(chip.height, chip.mesh.chips_y, off_chip_cost(chip))} {}

MeshLinks::MeshLinks(const isa::ChipSpec& chip)
    : routes_{chip},
      width_{chip.width},
      cost_(std::size_t{chip.width} * chip.height * 4, 1.0),
      busy_(cost_.size(), 1.0),
      off_chip_(cost_.size()) {
    const double off_chip = off_chip_cost(chip);
    const double occupied = ratio(static_cast<double>(chip.mesh.offchip_occupancy.count()),
                                  static_cast<double>(chip.link_occupancy.count()));
    for (const TileId tile : chip.tile_ids()) {
        for (const Way way : {Way::kEast, Way::kWest, Way::kSouth, Way::kNorth}) {
            if (!leads_off_chip(chip, tile, way)) continue;
            off_chip_[number(tile, way)] = true;
            cost_[number(tile, way)] = off_chip;
            busy_[number(tile, way)] = std::min(occupied, kDearest);
        }
    }
}

}  // namespace seamount::compiler
