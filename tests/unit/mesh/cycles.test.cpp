#include <algorithm>
#include <catch2/catch.hpp>

#include "emulator/mesh/make_mesh.hpp"
#include "tests/unit/mesh/support.hpp"
#include "tools/traffic/measure.hpp"

// The flit mesh, cycle by cycle: a switch decision of a router is two cycles after injection, a hop
// takes three (A) or four (B), delivery is three after the last switch.

namespace {

using namespace seamount;
using emu::MeshFidelity;
using emu::Pipeline;
using test::arrivals;
using test::packet;
using test::pipeline;
using Cycles = std::vector<std::uint64_t>;

Cycles flit(const emu::MeshParams& params, const std::vector<emu::MeshPacket>& packets) {
    return arrivals(MeshFidelity::kFlit, params, packets);
}

}  // namespace

TEST_CASE("a lone packet takes the latency of its pipeline, at every fidelity", "[cycles]") {
    for (const std::uint32_t flits : {1U, 2U, 4U, 8U}) {
        for (std::uint32_t target = 0; target < 20; ++target) {
            const std::uint64_t hops = target % 5 + target / 5;
            CAPTURE(flits, target);
            for (const auto fidelity :
                 {MeshFidelity::kFlit, MeshFidelity::kPacket, MeshFidelity::kIdeal}) {
                const std::vector<emu::MeshPacket> lone{packet(7, 0, target, flits)};
                CHECK(arrivals(fidelity, pipeline(Pipeline::kA, 5, 4), lone) ==
                      Cycles{7 + 5 + 3 * hops + flits - 1});
                CHECK(arrivals(fidelity, pipeline(Pipeline::kB, 5, 4), lone) ==
                      Cycles{7 + 6 + 4 * hops + flits - 1});
            }
        }
    }
}

TEST_CASE("of two packets that meet at a link, the later one waits for the tail of the other",
          "[cycles]") {
    // Both go south from tile 1 of a 3x2 mesh: one starts there, one turns there 3 cycles later.
    const emu::MeshParams a = pipeline(Pipeline::kA, 3, 2);
    const std::uint64_t turning = 5 + 3 * 2;
    for (std::uint64_t start = 0; start < 12; ++start) {
        const Cycles at = flit(a, {packet(start, 1, 4, 4), packet(3, 0, 4)});
        // The turning head is at the router in cycle 8, the flits of the other pass it from
        // start + 2 to start + 5.
        const std::uint64_t wait = start + 2 <= 8 && start + 5 >= 8 ? start + 6 - 8 : 0;
        CAPTURE(start);
        if (start == 6) continue;  // at once: round robin decides
        CHECK(at[1] == 3 + turning + wait);
    }
    // Head to head: one of them waits exactly one cycle, or for all four flits.
    const Cycles tie = flit(a, {packet(6, 1, 4, 1), packet(3, 0, 4)});
    CHECK(std::min(tie[0], tie[1]) == 14);
    CHECK(std::max(tie[0], tie[1]) == 15);
    const Cycles early = flit(a, {packet(5, 1, 4, 1), packet(3, 0, 4)});
    CHECK(early == Cycles{13, 14});
}

TEST_CASE("pipeline B allocates the next packet one cycle later: single flits use every other slot",
          "[cycles]") {
    const emu::MeshParams b = pipeline(Pipeline::kB, 2, 1);
    const Cycles at = flit(b, {packet(0, 0, 1), packet(0, 0, 1), packet(0, 0, 1)});
    CHECK(at == Cycles{10, 12, 14});
    const Cycles a =
        flit(pipeline(Pipeline::kA, 2, 1), {packet(0, 0, 1), packet(0, 0, 1), packet(0, 0, 1)});
    CHECK(a == Cycles{8, 9, 10});
}

TEST_CASE("a blocked head holds up the packet behind it, though that one's link is free",
          "[cycles]") {
    const emu::MeshParams a = pipeline(Pipeline::kA, 3, 2);
    // Eight flits pass tile 1 southward in cycles 2 to 9; the head from tile 0 comes in cycle 5.
    const Cycles at = flit(a, {packet(0, 1, 4, 8), packet(0, 0, 4), packet(1, 0, 2)});
    CHECK(at[1] == 11 + 5);
    CHECK(at[2] == 1 + 11 + 5);
    CHECK(flit(a, {packet(0, 0, 4), packet(1, 0, 2)}) == Cycles{11, 12});
    // Seen by the packet fidelity, the second one passes.
    CHECK(arrivals(MeshFidelity::kPacket, a,
                   {packet(0, 1, 4, 8), packet(0, 0, 4), packet(1, 0, 2)})[2] == 12);
}

TEST_CASE("two virtual channels let a packet pass the blocked one before it", "[cycles]") {
    emu::MeshParams a = pipeline(Pipeline::kA, 3, 2);
    a.virtual_channels = 2;
    // The south link is busy with one channel; the other takes the second packet, in turns.
    const Cycles at = flit(a, {packet(0, 1, 4, 8), packet(0, 0, 4), packet(1, 0, 2)});
    CHECK(at[2] == 12);
}

TEST_CASE("a credit comes back five cycles after its flit left", "[cycles]") {
    // One place per buffer: the second flit waits for the credit of the first on every link.
    CHECK(flit(pipeline(Pipeline::kA, 2, 1, 1), {packet(0, 0, 0, 2)}) == Cycles{10});
    CHECK(flit(pipeline(Pipeline::kA, 2, 1, 1), {packet(0, 0, 1, 2)}) == Cycles{13});
    // Four places: the fifth flit comes one cycle early. Five places: on time.
    CHECK(flit(pipeline(Pipeline::kA, 2, 1, 4), {packet(0, 0, 1, 6)}) == Cycles{14});
    CHECK(flit(pipeline(Pipeline::kA, 2, 1, 5), {packet(0, 0, 1, 6)}) == Cycles{13});
    CHECK(flit(pipeline(Pipeline::kA, 2, 1, 8), {packet(0, 0, 1, 6)}) == Cycles{13});
}

TEST_CASE("long packets wait for their own credits in the flit and in the packet mesh",
          "[cycles]") {
    traffic::TrafficParams few;
    few.rate = 0.002;
    for (const auto which : {Pipeline::kA, Pipeline::kB}) {
        for (const std::uint32_t flits : {3U, 4U, 5U, 8U, 13U}) {
            few.flits = flits;
            const auto mean = [&](MeshFidelity fidelity) {
                const auto mesh = emu::make_mesh(fidelity, pipeline(which, 8, 8, 4));
                return traffic::measure(*mesh, few, {2000, 100'000}).latencies.mean();
            };
            CAPTURE(flits);
            CHECK(mean(MeshFidelity::kPacket) == Approx(mean(MeshFidelity::kFlit)).epsilon(0.002));
        }
    }
}

TEST_CASE("packets of a quarter to two buffers are as late in the packet mesh as in the flit mesh",
          "[cycles]") {
    traffic::TrafficParams busy;
    for (const std::uint32_t flits : {2U, 4U, 8U, 16U}) {
        busy.flits = flits;
        busy.rate = flits == 16 ? 0.15 : 0.2;
        const auto mean = [&](MeshFidelity fidelity) {
            const auto mesh = emu::make_mesh(fidelity, pipeline(Pipeline::kA, 8, 8));
            return traffic::measure(*mesh, busy, {2000, 10'000}).latencies.mean();
        };
        CAPTURE(flits);
        CHECK(mean(MeshFidelity::kPacket) == Approx(mean(MeshFidelity::kFlit)).epsilon(0.03));
    }
}

TEST_CASE("a tile takes one flit per cycle, and its buffer's worth per credit loop", "[cycles]") {
    // From both sides of tile 1: they meet at its way out.
    const Cycles at = flit(pipeline(Pipeline::kA, 3, 1), {packet(0, 0, 1), packet(0, 2, 1)});
    CHECK(std::min(at[0], at[1]) == 8);
    CHECK(std::max(at[0], at[1]) == 9);
    CHECK(flit(pipeline(Pipeline::kA, 3, 1), {packet(0, 0, 1), packet(1, 2, 1)}) == Cycles{8, 9});
    // Four credits per five cycles.
    std::vector<emu::MeshPacket> many;
    for (int i = 0; i < 40; ++i) many.push_back(packet(0, i % 2 == 0 ? 0 : 2, 1));
    const Cycles slow = flit(pipeline(Pipeline::kA, 3, 1, 4), many);
    CHECK(*std::max_element(slow.begin(), slow.end()) == 8 + 39 + 9);
    const Cycles fast = flit(pipeline(Pipeline::kA, 3, 1, 5), many);
    CHECK(*std::max_element(fast.begin(), fast.end()) == 8 + 39);
}

TEST_CASE("links count their flits, what heads waited, and which link delayed a packet most",
          "[cycles]") {
    for (const auto fidelity : {MeshFidelity::kFlit, MeshFidelity::kPacket}) {
        const auto mesh = emu::make_mesh(fidelity, pipeline(Pipeline::kA, 3, 2));
        mesh->watch_delays(true);
        const std::vector<emu::MeshPacket> packets{packet(0, 1, 4, 8), packet(0, 0, 4)};
        (void)test::carried(*mesh, packets);
        const auto links = mesh->links();
        const auto south = std::find_if(links.begin(), links.end(), [](const emu::LinkUse& use) {
            return use.tile == TileId{1} && use.way == emu::Direction::kSouth;
        });
        REQUIRE(south != links.end());
        CHECK(south->flits == 9);
        CHECK(south->busy == emu::Ticks{9});
        CHECK(south->wait == emu::Ticks{5});
        CHECK(south->max_wait == emu::Ticks{5});
        CHECK(mesh->worst_link(0).wait == emu::Ticks{0});
        CHECK(mesh->worst_link(1).wait == emu::Ticks{5});
        CHECK(mesh->worst_link(1).tile == TileId{1});
        CHECK(mesh->worst_link(1).way == emu::Direction::kSouth);
        CHECK(mesh->counters().contention == emu::Ticks{5});
    }
}

TEST_CASE("a wait of more than 32 bits of ticks is told whole", "[cycles]") {
    constexpr std::uint64_t kLongest = 0xffff'ffff;  // that 32 bits would hold
    for (const auto fidelity : {MeshFidelity::kFlit, MeshFidelity::kPacket}) {
        emu::MeshParams slow = pipeline(Pipeline::kA, 3, 2);
        slow.occupancy = emu::Ticks{std::uint64_t{1} << 30U};
        const auto mesh = emu::make_mesh(fidelity, slow);
        mesh->watch_delays(true);
        const std::vector<emu::MeshPacket> packets{packet(0, 1, 4, 8), packet(0, 0, 4),
                                                   packet(1, 0, 4)};
        (void)test::carried(*mesh, packets);
        std::uint64_t longest = 0;
        for (const emu::LinkUse& use : mesh->links()) {
            longest = std::max(longest, use.max_wait.count());
        }
        CHECK(longest > kLongest);
        std::uint64_t told = 0;
        for (std::uint32_t i = 0; i < 3; ++i) {
            told = std::max(told, mesh->worst_link(i).wait.count());
        }
        CHECK(told == longest);
    }
}

TEST_CASE("a source that cannot send stalls, and its later packets shift by as much", "[cycles]") {
    // Ten flits in two places: the second packet of source 7 cannot enter until the first has.
    emu::MeshParams a = pipeline(Pipeline::kA, 2, 1, 2);
    std::vector<emu::MeshPacket> packets{packet(0, 0, 1, 10), packet(1, 0, 1), packet(100, 0, 1)};
    for (auto& made : packets) made.source = 7;
    const auto mesh = emu::make_mesh(MeshFidelity::kFlit, a);
    (void)test::carried(*mesh, packets);
    const auto left = mesh->departures();
    REQUIRE(left.size() == 3);
    CHECK(left[0] == emu::Ticks{0});
    CHECK(left[1] > emu::Ticks{10});
    CHECK(left[2] == emu::Ticks{100 - 1} + left[1]);
    // Packets of different sources do not shift each other.
    for (std::uint32_t i = 0; i < 3; ++i) packets[i].source = i;
    (void)test::carried(*mesh, packets);
    CHECK(mesh->departures()[2] == emu::Ticks{100});
}
