#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "emulator/mesh/make_mesh.hpp"
#include "isa/base/diagnostic.hpp"
#include "tests/unit/mesh/support.hpp"
#include "tools/traffic/replay.hpp"

namespace {

using namespace seamount;
using traffic::Pattern;

std::vector<emu::MeshPacket> packets_of(const traffic::TrafficParams& params,
                                        std::uint64_t cycles) {
    std::vector<emu::MeshPacket> packets;
    traffic::Traffic{params}.generate(
        cycles, [&](const emu::MeshPacket& packet) { packets.push_back(packet); });
    return packets;
}

const std::string kHead = "cycle,source,destination,flits,after\n";

}  // namespace

TEST_CASE("traffic has its rate, its targets and at most one packet per node and cycle",
          "[traffic]") {
    traffic::TrafficParams params;
    params.width = 5;
    params.height = 7;
    params.rate = 0.4;
    params.flits = 2;
    const auto packets = packets_of(params, 20'000);
    CHECK(static_cast<double>(packets.size()) == Approx(0.2 * 35 * 20'000).epsilon(0.02));
    std::set<std::pair<std::uint64_t, std::uint32_t>> slots;
    std::vector<std::size_t> to(35);
    for (const auto& packet : packets) {
        CHECK(slots.emplace(packet.inject.count(), packet.source_tile.value()).second);
        ++to.at(packet.target_tile.index());
    }
    for (const std::size_t count : to)
        CHECK(static_cast<double>(count) == Approx(4000).epsilon(0.1));

    params.exclude_self = true;
    for (const auto& packet : packets_of(params, 2000)) {
        CHECK(packet.source_tile != packet.target_tile);
    }
}

TEST_CASE("the patterns send where they say", "[traffic]") {
    traffic::TrafficParams params;
    params.rate = 0.5;
    const auto check = [&](Pattern pattern, auto target) {
        params.pattern = pattern;
        for (const auto& packet : packets_of(params, 100)) {
            const std::uint32_t source = packet.source_tile.value();
            CHECK(packet.target_tile.value() == target(source % 8U, source / 8U));
        }
    };
    check(Pattern::kTranspose, [](unsigned x, unsigned y) { return x * 8 + y; });
    check(Pattern::kBitcomp, [](unsigned x, unsigned y) { return (7 - y) * 8 + 7 - x; });
    check(Pattern::kNeighbor, [](unsigned x, unsigned y) { return (y + 1) % 8 * 8 + (x + 1) % 8; });
    params.pattern = Pattern::kHotspot10;
    std::size_t hot = 0;
    const auto packets = packets_of(params, 2000);
    for (const auto& packet : packets) hot += packet.target_tile.value() == 27 ? 1U : 0U;
    CHECK(static_cast<double>(hot) / static_cast<double>(packets.size()) ==
          Approx(0.1 + 0.9 / 64).epsilon(0.05));
}

TEST_CASE("the hot node is the middle one, or the one that was asked for", "[traffic]") {
    traffic::TrafficParams params;
    params.pattern = Pattern::kHotspot10;
    params.rate = 0.5;
    const auto hottest = [&](std::uint32_t width, std::uint32_t height) {
        params.width = width;
        params.height = height;
        std::vector<std::size_t> to(std::size_t{width} * height);
        for (const auto& packet : packets_of(params, 2000)) ++to[packet.target_tile.index()];
        return std::max_element(to.begin(), to.end()) - to.begin();
    };
    CHECK(hottest(8, 8) == 27);
    CHECK(hottest(8, 4) == 11);
    CHECK(hottest(4, 8) == 13);
    CHECK(hottest(16, 16) == 119);
    CHECK(hottest(1, 3) == 1);
    params.hotspot = 5;
    CHECK(hottest(8, 8) == 5);
}

TEST_CASE("every node of a permutation has one target, and is the target of one node",
          "[traffic]") {
    traffic::TrafficParams params;
    params.rate = 0.5;
    for (const auto& [width, height] : {std::pair{4U, 4U}, {8U, 4U}, {4U, 8U}, {16U, 16U}}) {
        params.width = width;
        params.height = height;
        const std::uint32_t nodes = width * height;
        const auto targets = [&](Pattern pattern) {
            params.pattern = pattern;
            std::map<std::uint32_t, std::uint32_t> target;
            for (const auto& packet : packets_of(params, 300)) {
                const auto [at, fresh] =
                    target.emplace(packet.source_tile.value(), packet.target_tile.value());
                CHECK(at->second == packet.target_tile.value());
            }
            std::set<std::uint32_t> reached;
            for (const auto& [source, to] : target) reached.insert(to);
            CHECK(reached.size() == nodes);
            return target;
        };
        auto shuffled = targets(Pattern::kShuffle);
        auto rotated = targets(Pattern::kBitrot);
        auto reversed = targets(Pattern::kBitrev);
        auto tornado = targets(Pattern::kTornado);
        targets(Pattern::kBitcomp);
        targets(Pattern::kNeighbor);
        for (std::uint32_t node = 0; node < nodes; ++node) {
            CAPTURE(width, height, node);
            // The highest bit of a node number weighs nodes / 2.
            CHECK(shuffled[node] == (node < nodes / 2 ? 2 * node : 2 * node - nodes + 1));
            CHECK(rotated[shuffled[node]] == node);
            CHECK(reversed[reversed[node]] == node);
            CHECK(reversed[shuffled[node]] == rotated[reversed[node]]);
            CHECK(tornado[node] % width == (node % width + width / 2 - 1) % width);
            CHECK(tornado[node] / width == (node / width + height / 2 - 1) % height);
        }
        CHECK(reversed[1] == nodes / 2);
    }
    // Odd sides: two of five nodes further.
    params.width = params.height = 5;
    params.pattern = Pattern::kTornado;
    for (const auto& packet : packets_of(params, 100)) {
        CHECK(packet.target_tile.value() % 5U == (packet.source_tile.value() % 5U + 2) % 5);
    }
}

TEST_CASE("a trace is replayed at its cycles, and after what its packets wait for", "[traffic]") {
    const auto trace = traffic::parse_trace("# two chains\n" + kHead +
                                                "10,0,2,1,\n"
                                                "11,2,0,1,0\n"
                                                "500,1,1,3\n",
                                            "t.csv", 3);
    REQUIRE(trace.size() == 3);
    CHECK(trace[1].after == 0);
    for (const auto fidelity :
         {emu::MeshFidelity::kFlit, emu::MeshFidelity::kPacket, emu::MeshFidelity::kIdeal}) {
        const auto mesh = emu::make_mesh(fidelity, test::pipeline(emu::Pipeline::kA, 3, 1));
        const traffic::Measured measured = traffic::replay(*mesh, trace, 3, 3);
        CHECK(measured.latencies.packets() == 3);
        CHECK(measured.latencies.mean() == Approx((11 + 11 + 7) / 3.0));
        // The answer starts when the question has arrived, in cycle 21; the last comes at 507.
        CHECK(measured.simulated_cycles == 507);
    }
    const auto chain = traffic::parse_trace(kHead + "10,0,2,1,\n11,2,0,1,0\n", "t.csv", 3);
    const auto mesh =
        emu::make_mesh(emu::MeshFidelity::kFlit, test::pipeline(emu::Pipeline::kA, 3, 1));
    CHECK(traffic::replay(*mesh, chain, 3, 3).simulated_cycles == 21 + 11);
}

TEST_CASE("faults of a trace are reported with line, column and legal range", "[traffic]") {
    const std::string bad = kHead +
                            "1,0,1,1\n"
                            "x,0,1,1\n"
                            "2,0,9,0\n"
                            "3,0,1\n"
                            "4,0,1,1,4\n"
                            "5,0,1,1,0,7\n";
    CHECK_THROWS_WITH(traffic::parse_trace(bad, "t.csv", 9),
                      Catch::Contains("t.csv:3:1: error: 'cycle' is 'x'") &&
                          Catch::Contains("t.csv:4:5: error: 'destination' is '9', must be a whole "
                                          "number in [0, 8]") &&
                          Catch::Contains("t.csv:4:7: error: 'flits' is '0'") &&
                          Catch::Contains("t.csv:5:6: error: 'flits' is ''") &&
                          Catch::Contains("t.csv:6:9: error: 'after' is '4'") &&
                          Catch::Contains("[CLI-TRACE]") && Catch::Contains("t.csv:7:"));
    CHECK_THROWS_WITH(traffic::parse_trace("a,b\n", "t.csv", 9), Catch::Contains("head line"));
    CHECK_THROWS_WITH(traffic::parse_trace("", "t.csv", 9), Catch::Contains("no trace"));
}

TEST_CASE("what is delivered does not depend on how far time advances at once", "[traffic]") {
    traffic::TrafficParams params;
    params.rate = 0.3;
    params.flits = 3;
    for (const auto fidelity : {emu::MeshFidelity::kFlit, emu::MeshFidelity::kPacket}) {
        std::map<std::uint32_t, std::uint64_t> first;
        for (const std::uint64_t window : {1ULL, 7ULL, 500ULL}) {
            const auto mesh = emu::make_mesh(fidelity, test::pipeline(emu::Pipeline::kA, 8, 8));
            mesh->begin();
            std::vector<emu::MeshDelivery> delivered;
            std::uint32_t id = 0;
            traffic::Traffic source{params};
            std::vector<emu::MeshPacket> packets;
            source.generate(1000, [&](const emu::MeshPacket& made) { packets.push_back(made); });
            for (std::uint64_t now = 0; now < 4000; now += window) {
                for (id = 0; id < packets.size(); ++id) {
                    const std::uint64_t made = packets[id].inject.count();
                    if (made >= now && made < now + window) {
                        mesh->offer(packets[id], id);
                    }
                }
                mesh->advance(emu::Ticks{now + window}, delivered);
            }
            CHECK(delivered.size() == packets.size());
            std::map<std::uint32_t, std::uint64_t> at;
            for (const auto& delivery : delivered) at[delivery.packet] = delivery.at.count();
            if (first.empty()) first = at;
            CHECK(at == first);
        }
    }
}

TEST_CASE("long gaps in a trace cost no time, at any fidelity", "[traffic]") {
    constexpr std::uint64_t kFar = 1'000'000'000'000;
    const std::string text = kHead + fmt::format("0,0,3,1,\n{0},0,3,1,\n{0},1,3,4,\n", kFar);
    for (const std::uint32_t buffer : {2U, 8U}) {
        for (const auto fidelity :
             {emu::MeshFidelity::kFlit, emu::MeshFidelity::kPacket, emu::MeshFidelity::kIdeal}) {
            const auto mesh =
                emu::make_mesh(fidelity, test::pipeline(emu::Pipeline::kA, 2, 2, buffer));
            const auto trace = traffic::parse_trace(text, "t.csv", 4);
            const traffic::Measured measured = traffic::replay(*mesh, trace, 2, 2);
            CHECK(measured.latencies.packets() == 3);
            CHECK(measured.simulated_cycles >= kFar + 11);
            CHECK(measured.simulated_cycles < kFar + 40);
        }
    }
}

TEST_CASE(
    "in small meshes and short buffers the packet fidelity accepts what the flit fidelity does",
    "[traffic]") {
    struct Case {
        std::uint32_t width, height, buffer, flits;
        Pattern pattern;
    };
    const auto c =
        GENERATE(Case{2, 1, 1, 1, Pattern::kBitcomp}, Case{4, 1, 2, 1, Pattern::kNeighbor},
                 Case{4, 4, 4, 1, Pattern::kNeighbor}, Case{2, 2, 4, 4, Pattern::kUniform},
                 Case{4, 2, 8, 4, Pattern::kUniform}, Case{4, 4, 8, 8, Pattern::kUniform},
                 Case{4, 4, 1, 1, Pattern::kUniform});
    traffic::TrafficParams params;
    params.width = c.width;
    params.height = c.height;
    params.flits = c.flits;
    params.pattern = c.pattern;
    params.rate = 0.9;
    const auto accepted = [&](emu::MeshFidelity fidelity) {
        const auto mesh = emu::make_mesh(
            fidelity, test::pipeline(emu::Pipeline::kA, c.width, c.height, c.buffer));
        return traffic::measure(*mesh, params, {2000, 10'000}).accepted;
    };
    INFO(c.width << 'x' << c.height << " buffer " << c.buffer << " flits " << c.flits);
    const double flit = accepted(emu::MeshFidelity::kFlit);
    CHECK(accepted(emu::MeshFidelity::kPacket) == Approx(flit).epsilon(0.06));
}
