#pragma once

#include "isa/chip/chip_spec.hpp"

namespace seamount::test {

inline void set_price(isa::ChipSpec& chip, isa::Event event, std::uint64_t ps, double pj) {
    chip.prices[static_cast<std::size_t>(event)] = {Picoseconds{ps}, Picojoules{pj}};
}

/// 8x4 tiles of 4 cores with the numbers of Davies et al. 2018, Table 2 (pre-silicon, as quoted):
/// what the table does not list costs nothing.
inline isa::ChipSpec davies_chip() {
    isa::ChipSpec chip;
    chip.name = "davies";
    set_price(chip, isa::Event::kUpdateActive, 8400, 81.0);
    set_price(chip, isa::Event::kUpdateInactive, 5300, 52.0);
    set_price(chip, isa::Event::kSynapse, 3500, 23.6);
    set_price(chip, isa::Event::kSynapseDense, 3500, 23.6);
    set_price(chip, isa::Event::kTileSpike, 2100, 1.7);
    set_price(chip, isa::Event::kHopEastWest, 4100, 3.0);
    set_price(chip, isa::Event::kHopNorthSouth, 6500, 4.0);
    chip.link_occupancy = Picoseconds{1160};
    chip.barrier.kind = isa::BarrierModel::Kind::kWavefront;
    chip.barrier.base = Picoseconds{113'000};
    chip.barrier.per_hop = Picoseconds{35'200};
    return chip;
}

/// davies_chip with a price on everything, all different, so that no term can hide.
inline isa::ChipSpec priced_chip() {
    isa::ChipSpec chip = davies_chip();
    chip.name = "priced";
    set_price(chip, isa::Event::kInstruction, 310, 1.1);
    set_price(chip, isa::Event::kSpikeOut, 29'000, 69.3);
    set_price(chip, isa::Event::kAxonOut, 5100, 111.0);
    set_price(chip, isa::Event::kAxonIn, 16'000, 7.0);
    set_price(chip, isa::Event::kHostPacket, 40'000, 5.0);
    set_price(chip, isa::Event::kHostWrite, 70'000, 6.0);
    set_price(chip, isa::Event::kBarrier, 0, 900.0);
    chip.host_tile_x = 7;
    chip.host_tile_y = 3;
    return chip;
}

}  // namespace seamount::test
