#include <catch2/catch.hpp>
#include <memory>
#include <random>

#include "isa/routes.hpp"
#include "tests/unit/mesh/support.hpp"
#include "tools/mesh/traffic.hpp"

namespace {

using namespace seamount;
using emu::MeshFidelity;
using emu::Pipeline;

/// Offers `count` packets of uniform traffic at `rate` and plays until the mesh is empty. Every
/// packet must come out once; returns how many did within the time that a working mesh needs.
std::uint64_t drain(const emu::MeshParams& params, std::uint64_t count, double rate,
                    std::uint32_t flits) {
    const auto mesh = emu::make_mesh(MeshFidelity::kFlit, params);
    mesh->begin();
    traffic::TrafficParams uniform;
    uniform.width = params.width;
    uniform.height = params.height;
    uniform.rate = rate;
    uniform.flits = flits;
    traffic::Traffic source{uniform};
    std::vector<std::uint8_t> delivered(count);
    std::vector<emu::MeshDelivery> out;
    std::uint64_t offered = 0;
    std::uint64_t arrived = 0;
    std::uint64_t cycle = 0;
    for (std::uint64_t idle = 0; arrived < count && idle < 50;) {
        cycle += 1000;
        source.generate(cycle, [&](const emu::MeshPacket& packet) {
            if (offered < count) mesh->offer(packet, static_cast<std::uint32_t>(offered++));
        });
        out.clear();
        mesh->advance(cycle, out);
        for (const emu::MeshDelivery& delivery : out) {
            REQUIRE(delivered.at(delivery.packet)++ == 0);
        }
        arrived += out.size();
        idle = out.empty() ? idle + 1 : 0;
    }
    CHECK(mesh->counters().packets == count);
    return arrived;
}

emu::MeshParams small(std::uint32_t buffer, std::uint32_t channels) {
    emu::MeshParams params = test::pipeline(Pipeline::kA, 8, 8, buffer);
    params.virtual_channels = channels;
    return params;
}

}  // namespace

TEST_CASE("A million packets at twice saturation drain, each delivered once") {
    CHECK(drain(small(8, 1), 1'000'000, 0.8, 1) == 1'000'000);
}

TEST_CASE("Long packets in short buffers drain in every routing, with 1 to 8 virtual channels") {
    for (const std::uint32_t channels : {1U, 2U, 4U, 8U}) {
        for (const auto routing :
             {isa::MeshRouting::kXy, isa::MeshRouting::kYx, isa::MeshRouting::kXyYx}) {
            emu::MeshParams params = small(2, channels);
            params.routing = routing;
            params.meshes = routing == isa::MeshRouting::kXyYx ? 2 : 1;
            CHECK(drain(params, 10'000, 1.0, 5) == 10'000);
        }
    }
}

TEST_CASE("Packets drain around dead links, and take the tables' shortest paths") {
    isa::ChipSpec chip;
    chip.width = 6;
    chip.height = 6;
    chip.cores_per_tile = 1;
    chip.faults.dead_links = {{0, 1}, {7, 8}, {13, 14}, {14, 20}, {21, 27}, {28, 29}, {29, 35}};
    emu::MeshParams params = small(2, 1);
    params.width = params.height = 6;
    params.tables = std::make_shared<isa::Routes>(chip);
    CHECK(drain(params, 100'000, 1.0, 3) == 100'000);
    for (const auto fidelity : {MeshFidelity::kFlit, MeshFidelity::kPacket, MeshFidelity::kIdeal}) {
        for (std::uint32_t source = 0; source < 36; ++source) {
            const std::vector<emu::MeshPacket> one{test::packet(0, source, 14)};
            CHECK(test::arrivals(fidelity, params, one) ==
                  std::vector<std::uint64_t>{5 + 3 * params.tables->hops(source, 14)});
        }
    }
}
