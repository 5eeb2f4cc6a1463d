#include <algorithm>
#include <catch2/catch.hpp>
#include <random>

#include "emulator/mesh/make_mesh.hpp"
#include "emulator/mesh/packet/packet_queues.hpp"
#include "tests/support/mesh_packets.hpp"
#include "tests/unit/timing/chips.hpp"
#include "tests/unit/timing/reference_mesh.hpp"

namespace {

using namespace seamount;
using emu::MeshFidelity;
using emu::MeshPacket;
constexpr std::uint64_t kTile = 2100;
constexpr std::uint64_t kEastWest = 4100;
constexpr std::uint64_t kNorthSouth = 6500;
constexpr std::uint64_t kOccupancy = 1160;
constexpr std::pair<std::uint32_t, std::uint32_t> kShapes[] = {
    {8, 4}, {1, 1}, {6, 1}, {1, 5}, {3, 7}};

struct Carried {
    std::vector<std::uint64_t> arrival_ps;
    emu::MeshCounters counters;
    std::uint64_t max_link_flits = 0;
};

Carried carry(MeshFidelity fidelity, const isa::ChipSpec& chip,
              const std::vector<MeshPacket>& packets) {
    const auto mesh = emu::make_mesh(fidelity, chip);
    Carried carried;
    carried.arrival_ps = test::carried(*mesh, packets);
    carried.counters = mesh->counters();
    carried.max_link_flits = mesh->max_link_flits();
    return carried;
}

/// Packets in no order of time, some of several flits, over `span_ps`.
std::vector<MeshPacket> random_packets(const isa::ChipSpec& chip, std::size_t count,
                                       std::uint64_t span_ps, std::uint64_t seed) {
    std::mt19937_64 random{seed};
    std::vector<MeshPacket> packets(count);
    const std::uint64_t tiles = chip.width * chip.height;
    for (MeshPacket& packet : packets) {
        packet.inject = emu::Ticks{random() % span_ps};
        packet.source_tile = test::packed_tile(random() % tiles);
        packet.target_tile = test::packed_tile(random() % tiles);
        packet.flits = 1 + static_cast<std::uint32_t>(random() % 3);
    }
    return packets;
}

std::uint64_t distance(std::uint32_t a, std::uint32_t b) {
    return a > b ? a - b : b - a;
}

}  // namespace

TEST_CASE("a lone packet takes the tile time and its hops between any two tiles of an 8x4 mesh",
          "[mesh]") {
    const isa::ChipSpec chip = test::davies_chip();
    for (std::uint16_t source = 0; source < 32; ++source) {
        for (std::uint16_t target = 0; target < 32; ++target) {
            const std::uint64_t flits = 1 + (source + std::uint64_t{target}) % 3;
            const std::uint64_t east_west = distance(source % 8, target % 8);
            const std::uint64_t north_south = distance(source / 8, target / 8);
            const std::vector<MeshPacket> packet{
                test::packet(1000, source, target, static_cast<std::uint32_t>(flits))};
            for (const auto fidelity : {MeshFidelity::kPacket, MeshFidelity::kIdeal}) {
                const Carried carried = carry(fidelity, chip, packet);
                CAPTURE(source, target, flits);
                CHECK(carried.arrival_ps[0] == 1000 + kTile + east_west * kEastWest +
                                                   north_south * kNorthSouth +
                                                   (flits - 1) * kOccupancy);
                CHECK(carried.counters ==
                      emu::MeshCounters{1, east_west * flits, north_south * flits, 1, {}});
                CHECK(carried.max_link_flits == (source == target ? 0 : flits));
            }
        }
    }
}

TEST_CASE("of two packets that want a link at once, the later one waits one occupancy per flit",
          "[mesh]") {
    const isa::ChipSpec chip = test::davies_chip();
    const std::vector<MeshPacket> packets{test::packet(0, 0, 1, 3), test::packet(0, 0, 2, 1)};
    const Carried carried = carry(MeshFidelity::kPacket, chip, packets);
    CHECK(carried.arrival_ps[0] == kTile + kEastWest + 2 * kOccupancy);
    CHECK(carried.arrival_ps[1] == kTile + 3 * kOccupancy + 2 * kEastWest);
    CHECK(carried.counters.contention == emu::Ticks{3 * kOccupancy});
    CHECK(carried.max_link_flits == 4);

    // One picosecond before the link is free again, and on time.
    CHECK(carry(MeshFidelity::kPacket, chip,
                {test::packet(0, 0, 1, 3), test::packet(3 * kOccupancy - 1, 0, 2, 1)})
              .counters.contention == emu::Ticks{1});
    CHECK(carry(MeshFidelity::kPacket, chip,
                {test::packet(0, 0, 1, 3), test::packet(3 * kOccupancy, 0, 2, 1)})
              .counters.contention == emu::Ticks{0});
}

TEST_CASE("the two directions of a link, and a turn, do not disturb each other", "[mesh]") {
    const isa::ChipSpec chip = test::davies_chip();
    // East and west between tiles 0 and 1; south from 1 for what turned there and what started.
    const std::vector<MeshPacket> packets{test::packet(0, 0, 9, 1), test::packet(0, 1, 0, 1),
                                          test::packet(0, 1, 9, 1), test::packet(0, 1, 1, 1)};
    const Carried carried = carry(MeshFidelity::kPacket, chip, packets);
    CHECK(carried.arrival_ps[0] == kTile + kEastWest + kNorthSouth);
    CHECK(carried.arrival_ps[1] == kTile + kEastWest);
    CHECK(carried.arrival_ps[2] == kTile + kNorthSouth);
    CHECK(carried.arrival_ps[3] == kTile);
    CHECK(carried.counters.contention == emu::Ticks{0});
}

TEST_CASE("packets that ask at the same instant are served in the order of their index", "[mesh]") {
    const isa::ChipSpec chip = test::davies_chip();
    // Packet 2 arrives from the west exactly when the others start: it still comes last.
    const std::vector<MeshPacket> packets{test::packet(kEastWest, 1, 2, 1),
                                          test::packet(kEastWest, 1, 3, 1),
                                          test::packet(0, 0, 2, 1)};
    const Carried carried = carry(MeshFidelity::kPacket, chip, packets);
    const std::uint64_t first = kTile + 2 * kEastWest;
    CHECK(carried.arrival_ps == std::vector<std::uint64_t>{first, first + kOccupancy + kEastWest,
                                                           first + 2 * kOccupancy});
}

TEST_CASE("the mesh does what a simulation in global time order does", "[mesh]") {
    isa::ChipSpec chip = test::davies_chip();
    for (const auto& [width, height] : kShapes) {
        chip.width = width;
        chip.height = height;
        for (const std::uint64_t span : {1ULL, 1000ULL, 100'000ULL, 10'000'000ULL}) {
            const auto packets = random_packets(chip, 700, span, span + width);
            const test::ReferenceRun expected = test::reference_carry(chip, packets);
            const Carried carried = carry(MeshFidelity::kPacket, chip, packets);
            CAPTURE(width, height, span);
            CHECK(carried.arrival_ps == expected.arrival_ps);
            CHECK(carried.counters.contention == emu::Ticks{expected.contention_ps});
            CHECK(carried.counters.hops() == expected.hops);
            CHECK(carried.max_link_flits == expected.max_link_flits);
        }
    }
}

TEST_CASE("packets in queues do what a simulation in global time order does", "[mesh]") {
    isa::ChipSpec chip = test::davies_chip();
    chip.mesh.credit = Picoseconds{250};
    for (const auto& [width, height] : kShapes) {
        chip.width = width;
        chip.height = height;
        for (const std::uint32_t buffer : {3U, 4U, 8U}) {
            chip.mesh.buffer_flits = buffer;
            const emu::MeshGrid grid{emu::MeshParams::of(chip)};
            std::vector<emu::PacketLink> links = emu::packet_links(grid);
            const auto queues = emu::make_packet_queues(grid, links);
            for (const std::uint64_t span : {1000ULL, 100'000ULL, 1'000'000ULL, 10'000'000ULL}) {
                auto packets = random_packets(chip, 700, span, span + width + buffer);
                std::sort(
                    packets.begin(), packets.end(),
                    [](const MeshPacket& a, const MeshPacket& b) { return a.inject < b.inject; });
                queues->begin();
                for (emu::PacketLink& link : links) link.free = {};
                for (std::uint32_t i = 0; i < packets.size(); ++i) {
                    const MeshPacket& packet = packets[i];
                    const emu::Ticks head = packet.inject + emu::Ticks{kTile};
                    queues->enter(0, packet.source_tile, emu::Direction::kLocal,
                                  {head, packet.target_tile, emu::FlitTrain{packet.flits}, i},
                                  head + emu::Ticks{kOccupancy} * (packet.flits - 1));
                }
                std::vector<emu::MeshDelivery> delivered;
                const emu::Ticks waited = queues->play(emu::kNever, delivered);
                std::vector<std::uint64_t> arrival_ps(packets.size());
                for (const emu::MeshDelivery& delivery : delivered) {
                    arrival_ps[delivery.packet] = delivery.at.count();
                }
                const test::ReferenceRun expected = test::reference_carry_queued(chip, packets);
                CAPTURE(width, height, buffer, span);
                CHECK(delivered.size() == packets.size());
                CHECK(arrival_ps == expected.arrival_ps);
                CHECK(waited == emu::Ticks{expected.contention_ps});
            }
        }
    }
}

TEST_CASE("hops are flits times Manhattan distance, and the same for every fidelity", "[mesh]") {
    const isa::ChipSpec chip = test::davies_chip();
    const auto packets = random_packets(chip, 3000, 500'000, 5);
    std::uint64_t east_west = 0;
    std::uint64_t north_south = 0;
    for (const MeshPacket& p : packets) {
        east_west += distance(p.source_tile.value() % 8, p.target_tile.value() % 8) * p.flits;
        north_south += distance(p.source_tile.value() / 8, p.target_tile.value() / 8) * p.flits;
    }
    const Carried packet = carry(MeshFidelity::kPacket, chip, packets);
    const Carried ideal = carry(MeshFidelity::kIdeal, chip, packets);
    CHECK(packet.counters.hops_east_west == east_west);
    CHECK(packet.counters.hops_north_south == north_south);
    CHECK(packet.counters.packets == packets.size());
    CHECK(packet.counters.tile_spikes == packets.size());
    CHECK(packet.counters.contention > emu::Ticks{0});
    CHECK(packet.max_link_flits == ideal.max_link_flits);
    emu::MeshCounters without_waiting = packet.counters;
    without_waiting.contention = {};
    CHECK(ideal.counters == without_waiting);
    for (std::size_t i = 0; i < packets.size(); ++i) {
        CHECK(packet.arrival_ps[i] >= ideal.arrival_ps[i]);
    }
}

TEST_CASE("arrival times do not depend on the order in which packets at distinct times are listed",
          "[mesh]") {
    const isa::ChipSpec chip = test::davies_chip();
    auto packets = random_packets(chip, 2000, 1'000'000, 6);
    // Unequal fractions of a nanosecond per packet: no two heads ever meet at the same instant.
    for (std::size_t i = 0; i < packets.size(); ++i) {
        packets[i].inject = packets[i].inject * 1'000'000 + emu::Ticks{i};
    }
    const Carried before = carry(MeshFidelity::kPacket, chip, packets);
    std::vector<std::size_t> order(packets.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::shuffle(order.begin(), order.end(), std::mt19937_64{7});
    std::vector<MeshPacket> shuffled;
    for (const std::size_t i : order) shuffled.push_back(packets[i]);
    const Carried after = carry(MeshFidelity::kPacket, chip, shuffled);
    CHECK(after.counters == before.counters);
    bool same = true;
    for (std::size_t i = 0; i < order.size(); ++i) {
        same = same && after.arrival_ps[i] == before.arrival_ps[order[i]];
    }
    CHECK(same);
}

TEST_CASE("a mesh starts every step with idle links and adds up its counters", "[mesh]") {
    const isa::ChipSpec chip = test::davies_chip();
    const auto packets = random_packets(chip, 500, 10'000, 8);
    const Carried once = carry(MeshFidelity::kPacket, chip, packets);
    const auto mesh = emu::make_mesh(MeshFidelity::kPacket, chip);
    for (std::uint64_t step = 1; step <= 3; ++step) {
        CHECK(test::carried(*mesh, packets) == once.arrival_ps);
        CHECK(mesh->counters().contention == step * once.counters.contention);
        CHECK(mesh->counters().hops() == step * once.counters.hops());
        CHECK(mesh->max_link_flits() == step * once.max_link_flits);
    }
    mesh->carry({}, {});
    CHECK(mesh->counters().packets == 3 * packets.size());
}
