#include <catch2/catch.hpp>
#include <memory>

#include "isa/chip/routes.hpp"
#include "tests/support/drain.hpp"
#include "tests/unit/mesh/support.hpp"

namespace {

using namespace seamount;
using emu::MeshFidelity;
using emu::Pipeline;

/// Drains `count` packets of uniform traffic; returns how many arrived.
std::uint64_t drain(const emu::MeshParams& params, std::uint64_t count, double rate,
                    std::uint32_t flits, MeshFidelity fidelity = MeshFidelity::kFlit) {
    const test::Drained drained = test::drain(params, count, rate, flits, fidelity);
    CHECK(drained.once);
    return drained.arrived;
}

emu::MeshParams small(std::uint32_t buffer, std::uint32_t channels) {
    emu::MeshParams params = test::pipeline(Pipeline::kA, 8, 8, buffer);
    params.virtual_channels = channels;
    return params;
}

}  // namespace

TEST_CASE("a million packets at twice saturation drain, each delivered once", "[drain]") {
    CHECK(drain(small(8, 1), 1'000'000, 0.8, 1) == 1'000'000);
}

TEST_CASE("packets that queue up in the packet mesh drain too, each delivered once", "[drain]") {
    CHECK(drain(small(8, 1), 300'000, 0.8, 1, MeshFidelity::kPacket) == 300'000);
    for (const auto routing :
         {isa::MeshRouting::kXy, isa::MeshRouting::kYx, isa::MeshRouting::kXyYx}) {
        for (const std::uint32_t flits : {1U, 2U, 3U, 5U, 16U}) {
            emu::MeshParams params = small(2, 1);
            params.routing = routing;
            params.meshes = routing == isa::MeshRouting::kXyYx ? 2 : 1;
            CAPTURE(flits);
            CHECK(drain(params, 10'000, 1.0, flits, MeshFidelity::kPacket) == 10'000);
        }
    }
}

TEST_CASE("long packets in short buffers drain in every routing, with 1 to 8 virtual channels",
          "[drain]") {
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

TEST_CASE("packets drain around dead links, and take the tables' shortest paths", "[drain]") {
    isa::ChipSpec chip;
    chip.width = 6;
    chip.height = 6;
    chip.cores_per_tile = 1;
    for (const auto& [low, high] : {std::pair{0U, 1U},
                                    {7U, 8U},
                                    {13U, 14U},
                                    {14U, 20U},
                                    {21U, 27U},
                                    {28U, 29U},
                                    {29U, 35U}}) {
        chip.faults.dead_links.emplace_back(low, high);
    }
    emu::MeshParams params = small(2, 1);
    params.width = params.height = 6;
    params.tables = std::make_shared<isa::Routes>(chip);
    CHECK(drain(params, 100'000, 1.0, 3) == 100'000);
    CHECK(drain(params, 30'000, 1.0, 3, MeshFidelity::kPacket) == 30'000);
    for (const auto fidelity : {MeshFidelity::kFlit, MeshFidelity::kPacket, MeshFidelity::kIdeal}) {
        for (std::uint32_t source = 0; source < 36; ++source) {
            const std::vector<emu::MeshPacket> one{test::packet(0, source, 14)};
            CHECK(test::arrivals(fidelity, params, one) ==
                  std::vector<std::uint64_t>{5 +
                                             3 * params.tables->hops(TileId{source}, TileId{14})});
        }
    }
}
