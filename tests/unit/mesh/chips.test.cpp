#include <algorithm>
#include <catch2/catch.hpp>
#include <random>

#include "emulator/base/parallel.hpp"
#include "emulator/mesh/make_mesh.hpp"
#include "tests/unit/mesh/support.hpp"
#include "tests/unit/timing/chips.hpp"

namespace {

using namespace seamount;
using emu::MeshFidelity;
using emu::MeshPacket;
constexpr auto kFidelities = {MeshFidelity::kFlit, MeshFidelity::kPacket, MeshFidelity::kIdeal};

/// 2x2 chips of 4x2 tiles, joined by links that are ten times slower.
isa::ChipSpec four_chips() {
    isa::ChipSpec chip = test::davies_chip();
    chip.mesh.chips_x = chip.mesh.chips_y = 2;
    chip.width = 8;
    chip.height = 4;
    test::set_price(chip, isa::Event::kHopOffChip, 41'000, 30.0);
    chip.mesh.offchip_occupancy = Picoseconds{11'600};
    return chip;
}

std::vector<MeshPacket> random_packets(const isa::ChipSpec& chip, std::size_t count,
                                       std::uint64_t span_ps) {
    std::mt19937_64 random{count + span_ps};
    std::vector<MeshPacket> packets;
    for (std::size_t i = 0; i < count; ++i) {
        const auto tiles = static_cast<std::uint32_t>(chip.width * chip.height);
        const std::uint64_t at = random() % span_ps;
        const auto below = [&random](std::uint32_t limit) {
            return static_cast<std::uint32_t>(random() % limit);
        };
        const std::uint32_t from = below(tiles);
        const std::uint32_t to = below(tiles);
        packets.push_back(test::packet(at, from, to, 1 + below(3)));
        packets.back().kind = static_cast<emu::PacketKind>(random() % 3);
    }
    return packets;
}

struct Carried {
    std::vector<std::uint64_t> at;
    emu::MeshCounters counters;
    std::vector<emu::LinkUse> links;
};

Carried carry(MeshFidelity fidelity, const isa::ChipSpec& chip,
              const std::vector<MeshPacket>& packets) {
    const auto mesh = emu::make_mesh(fidelity, chip);
    Carried carried;
    carried.at = test::carried(*mesh, packets);
    carried.counters = mesh->counters();
    carried.links = mesh->links();
    return carried;
}

}  // namespace

TEST_CASE("on a chip, a lone packet arrives at the same picosecond at every fidelity", "[chips]") {
    const isa::ChipSpec chip = four_chips();
    for (std::uint32_t source = 0; source < 32; ++source) {
        for (std::uint32_t target = 0; target < 32; ++target) {
            const std::vector<MeshPacket> lone{test::packet(1234, source, target, 1 + target % 3)};
            const auto ideal = carry(MeshFidelity::kIdeal, chip, lone).at;
            CAPTURE(source, target);
            CHECK(carry(MeshFidelity::kPacket, chip, lone).at == ideal);
            CHECK(carry(MeshFidelity::kFlit, chip, lone).at == ideal);
        }
    }
}

TEST_CASE("links between chips have their own latency, pace and count", "[chips]") {
    const isa::ChipSpec chip = four_chips();
    // From tile 2 east to tile 5: one hop on the first chip, the border, one hop on the second.
    const std::vector<MeshPacket> packets{test::packet(0, 2, 5, 2), test::packet(0, 2, 5, 1)};
    for (const auto fidelity : kFidelities) {
        const Carried carried = carry(fidelity, chip, packets);
        CHECK(carried.counters.hops_off_chip == 3);
        CHECK(carried.counters.hops_east_west == 6);
        CHECK(carried.counters.hops() == 9);
        const std::uint64_t head = 2100 + 4100 + 41'000 + 4100;
        CHECK(std::min(carried.at[0], carried.at[1]) >= head);
        if (fidelity == MeshFidelity::kIdeal) continue;
        // Three flits cross the border one after another.
        CHECK(std::max(carried.at[0], carried.at[1]) >= head + 2 * 11'600);
    }
}

TEST_CASE("packets, hops and flits per link are the same for every fidelity and for two meshes",
          "[chips]") {
    isa::ChipSpec chip = four_chips();
    const auto packets = random_packets(chip, 3000, 200'000);
    emu::MeshCounters first;
    for (const std::uint32_t meshes : {1U, 2U}) {
        for (const auto policy :
             {isa::MeshPolicy::kAlternate, isa::MeshPolicy::kParity, isa::MeshPolicy::kType}) {
            for (const auto routing : {isa::MeshRouting::kXy, isa::MeshRouting::kYx}) {
                chip.mesh.meshes = meshes;
                chip.mesh.policy = policy;
                chip.mesh.routing = routing;
                const Carried flit = carry(MeshFidelity::kFlit, chip, packets);
                const Carried packet = carry(MeshFidelity::kPacket, chip, packets);
                const Carried ideal = carry(MeshFidelity::kIdeal, chip, packets);
                if (first.packets == 0) first = ideal.counters;
                for (const Carried* carried : {&flit, &packet, &ideal}) {
                    emu::MeshCounters without_waiting = carried->counters;
                    without_waiting.contention = {};
                    CHECK(without_waiting == first);
                }
                std::uint64_t over_links = 0;
                for (const emu::LinkUse& use : flit.links) {
                    if (use.way != emu::Direction::kLocal) over_links += use.flits;
                }
                CHECK(over_links == first.hops());
                for (const emu::LinkUse& use : packet.links) {
                    const auto same = std::find_if(
                        flit.links.begin(), flit.links.end(), [&](const emu::LinkUse& other) {
                            return other.mesh == use.mesh && other.tile == use.tile &&
                                   other.way == use.way;
                        });
                    REQUIRE(same != flit.links.end());
                    CHECK(same->flits == use.flits);
                }
                for (std::size_t i = 0; i < packets.size(); ++i) {
                    CHECK(flit.at[i] >= ideal.at[i]);
                    CHECK(packet.at[i] >= ideal.at[i]);
                }
            }
        }
    }
}

TEST_CASE("packets arrive at the same picosecond however many threads carry them", "[chips]") {
    isa::ChipSpec chip = four_chips();
    chip.mesh.meshes = 2;
    chip.mesh.local_occupancy = Picoseconds{GENERATE(0U, 900U)};
    chip.mesh.routing =
        GENERATE(isa::MeshRouting::kXy, isa::MeshRouting::kYx, isa::MeshRouting::kXyYx);
    emu::Parallel threads{3};
    const auto alone = emu::make_mesh(MeshFidelity::kPacket, chip);
    const auto divided = emu::make_mesh(MeshFidelity::kPacket, chip);
    divided->use(threads);
    // One after another: the links of a step are idle at its start.
    for (const std::size_t count : {6000U, 5U, 2500U}) {
        const auto packets = random_packets(chip, count, 200'000);
        CHECK(test::carried(*divided, packets) == test::carried(*alone, packets));
        CHECK(divided->counters() == alone->counters());
        const auto same = [](const emu::LinkUse& a, const emu::LinkUse& b) {
            return a.tile == b.tile && a.way == b.way && a.mesh == b.mesh && a.flits == b.flits &&
                   a.busy == b.busy && a.wait == b.wait && a.max_wait == b.max_wait;
        };
        CHECK(std::ranges::equal(divided->links(), alone->links(), same));
    }
    CHECK(alone->counters().contention > emu::Ticks{});
}

TEST_CASE("a policy by type keeps spikes and the rest on meshes of their own", "[chips]") {
    isa::ChipSpec chip = test::davies_chip();
    chip.mesh.meshes = 2;
    chip.mesh.policy = isa::MeshPolicy::kType;
    std::vector<MeshPacket> packets{test::packet(0, 0, 1), test::packet(0, 0, 1),
                                    test::packet(0, 0, 1)};
    packets[1].kind = emu::PacketKind::kGradedSpike;
    packets[2].kind = emu::PacketKind::kHost;
    const auto links = carry(MeshFidelity::kPacket, chip, packets).links;
    std::vector<std::uint64_t> flits;
    for (const emu::LinkUse& use : links) {
        if (use.way == emu::Direction::kEast) flits.push_back(use.flits);
    }
    CHECK(flits == std::vector<std::uint64_t>{1, 2});
}

TEST_CASE("YX routing goes along y first, XY along x", "[chips]") {
    emu::MeshParams params = test::pipeline(emu::Pipeline::kA, 3, 3);
    for (const auto fidelity : {MeshFidelity::kFlit, MeshFidelity::kPacket}) {
        for (const auto routing : {isa::MeshRouting::kXy, isa::MeshRouting::kYx}) {
            params.routing = routing;
            const auto mesh = emu::make_mesh(fidelity, params);
            const auto at = test::carried(*mesh, std::vector{test::packet(0, 0, 8)});
            CHECK(at[0] == 5 + 3 * 4);
            const auto links = mesh->links();
            const bool south_of_0 =
                std::any_of(links.begin(), links.end(), [](const emu::LinkUse& use) {
                    return use.tile == TileId{0} && use.way == emu::Direction::kSouth;
                });
            CHECK(south_of_0 == (routing == isa::MeshRouting::kYx));
        }
    }
}

TEST_CASE("time on a chip is asynchronous: a flit waits to the picosecond", "[chips]") {
    isa::ChipSpec chip = test::davies_chip();
    // One place per buffer and a credit that takes 1 ns: the second packet leaves the first router
    // when the place at the second one is known to be free, 4.1 + 1 ns after the first.
    chip.mesh.buffer_flits = 1;
    chip.mesh.credit = Picoseconds{1000};
    const Carried carried =
        carry(MeshFidelity::kFlit, chip,
              {test::packet(0, 0, 2), test::packet(0, 1, 1), test::packet(4000, 0, 2)});
    CHECK(carried.at[0] == 2100 + 2 * 4100);
    CHECK(carried.at[1] == 2100);
    CHECK(carried.at[2] == 2100 + 4100 + 1000 + 2 * 4100);
}

TEST_CASE("what a mesh carried before leaves nothing behind for the next step", "[chips]") {
    isa::ChipSpec chip = four_chips();
    const bool local = GENERATE(false, true);
    if (local) chip.mesh.local_occupancy = Picoseconds{3'000};
    for (const MeshFidelity fidelity : kFidelities) {
        const auto mesh = emu::make_mesh(fidelity, chip);
        for (const std::size_t count : {300U, 1U, 0U, 40U, 300U}) {
            const std::vector<MeshPacket> packets = random_packets(chip, count, 20'000);
            const Carried alone = carry(fidelity, chip, packets);
            INFO(count << " packets");
            REQUIRE(test::carried(*mesh, packets) == alone.at);
            REQUIRE(mesh->links().size() == alone.links.size());
            for (std::size_t i = 0; i < alone.links.size(); ++i) {
                REQUIRE(mesh->links()[i].flits == alone.links[i].flits);
                REQUIRE(mesh->links()[i].wait == alone.links[i].wait);
            }
            if (count != 1) continue;
            // Traffic that is cut off in the middle.
            mesh->begin();
            std::vector<emu::MeshDelivery> delivered;
            for (std::uint32_t i = 0; i < 50; ++i) {
                mesh->offer(test::packet(0, 0, 31, 2), i);
            }
            mesh->advance(emu::to_ticks(Picoseconds{2'000}), delivered);
            if (fidelity != MeshFidelity::kIdeal) REQUIRE(delivered.size() < 50);
        }
    }
}

TEST_CASE("the link at which a packet waited longest is one of its route that somebody waited for",
          "[chips]") {
    isa::ChipSpec chip = four_chips();
    chip.mesh.meshes = GENERATE(1U, 2U);
    chip.mesh.routing =
        GENERATE(isa::MeshRouting::kXy, isa::MeshRouting::kYx, isa::MeshRouting::kXyYx);
    if (chip.mesh.meshes == 1 && chip.mesh.routing == isa::MeshRouting::kXyYx) return;
    const bool local = GENERATE(false, true);
    if (local) chip.mesh.local_occupancy = Picoseconds{3'000};
    const auto mesh = emu::make_mesh(MeshFidelity::kPacket, chip);
    mesh->watch_delays(true);
    for (const std::size_t count : {3000U, 10U, 3000U}) {
        const std::vector<MeshPacket> packets = random_packets(chip, count, 200'000);
        const std::vector<std::uint64_t> at = test::carried(*mesh, packets);
        const Carried ideal = carry(MeshFidelity::kIdeal, chip, packets);
        emu::Ticks longest{};
        for (std::uint32_t i = 0; i < packets.size(); ++i) {
            const emu::LinkDelay worst = mesh->worst_link(i);
            longest = std::max(longest, worst.wait);
            const emu::Ticks late{at[i] - ideal.at[i]};
            const std::uint64_t links = chip.width + chip.height;  // of a route, at most
            REQUIRE(worst.wait <= late);
            if (!local) REQUIRE(late <= worst.wait * links);  // no waiting to enter
            if (worst.wait == emu::Ticks{}) continue;
            const auto links_used = mesh->links();
            const auto use =
                std::find_if(links_used.begin(), links_used.end(), [&](const emu::LinkUse& link) {
                    return link.mesh == worst.mesh && link.tile == worst.tile &&
                           link.way == worst.way;
                });
            REQUIRE(use != links_used.end());
            REQUIRE(worst.wait <= use->max_wait);
        }
        emu::Ticks of_links{};
        for (const emu::LinkUse& use : mesh->links()) of_links = std::max(of_links, use.max_wait);
        CHECK(longest == of_links);
    }
}
