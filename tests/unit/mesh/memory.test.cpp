#include <catch2/catch.hpp>
#include <cstdint>
#include <random>
#include <vector>

#include "emulator/mesh/packet/packet_step.hpp"
#include "tests/support/mesh_packets.hpp"
#include "tests/unit/timing/chips.hpp"

// The memory of a packet mesh from step to step.

namespace {

using namespace seamount;

/// Packets of a hot tile to all others, and few of the rest; not in order of time.
std::vector<emu::MeshPacket> hot_traffic(std::uint32_t tiles, std::uint32_t hot) {
    std::mt19937 random{5};
    std::vector<emu::MeshPacket> packets;
    for (std::uint32_t from = 0; from < tiles; ++from) {
        const std::uint32_t count = from == hot ? 5000 : 20;
        for (std::uint32_t i = 0; i < count; ++i) {
            packets.push_back(test::packet(random() % 100'000, from,
                                           static_cast<std::uint32_t>(random() % tiles)));
        }
    }
    return packets;
}

/// Heads for which the links have room.
std::size_t room(const std::vector<emu::PacketLink>& links) {
    std::size_t heads = 0;
    for (const emu::PacketLink& link : links) {
        for (const emu::HeadStream& stream : link.requests) heads += stream.capacity();
    }
    return heads;
}

}  // namespace

TEST_CASE("steps of the same traffic need no more memory than the first", "[memory]") {
    isa::ChipSpec chip = test::davies_chip();
    chip.mesh.routing = GENERATE(isa::MeshRouting::kXy, isa::MeshRouting::kYx);
    chip.mesh.local_occupancy = Picoseconds{GENERATE(std::uint64_t{0}, std::uint64_t{3000})};
    emu::MeshGrid grid{emu::MeshParams::of(chip)};
    std::vector<emu::PacketLink> links = emu::packet_links(grid);
    emu::WaysIn ways_in{grid};
    emu::Reservations reservations{grid, links};
    emu::PacketStep step{grid, ways_in, reservations};
    const std::vector<emu::MeshPacket> packets = hot_traffic(grid.tiles(), 1);
    std::vector<emu::Ticks> arrivals(packets.size());
    emu::MeshCounters counters;
    std::size_t first = 0;
    for (int i = 0; i < 20; ++i) {
        grid.begin();
        ways_in.clear();
        reservations.clear_used();
        step.carry(packets, arrivals, counters);
        if (i == 0) first = room(links);
        REQUIRE(room(links) == first);
    }
}
