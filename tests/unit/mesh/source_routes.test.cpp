#include "emulator/mesh/grid/source_routes.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdint>
#include <random>
#include <vector>

#include "tests/support/mesh_packets.hpp"
#include "tests/unit/timing/chips.hpp"

// The packets of a step are counted as if each entered alone.

namespace {

using namespace seamount;

/// 2x2 chips of 4x2 tiles with two meshes.
isa::ChipSpec four_chips(bool dead_links) {
    isa::ChipSpec chip = test::davies_chip();
    chip.mesh.chips_x = chip.mesh.chips_y = 2;
    chip.width = 8;
    chip.height = 4;
    chip.mesh.meshes = 2;
    test::set_price(chip, isa::Event::kHopOffChip, 41'000, 30.0);
    if (!dead_links) return chip;
    for (const std::uint32_t tile : {1U, 10U, 19U, 28U}) {
        chip.faults.dead_links.emplace_back(tile, tile + 1);
    }
    chip.faults.dead_links.emplace_back(5U, 13U);
    return chip;
}

/// Packets of some tiles, those of a tile together and few targets each; a tile may come again.
std::vector<emu::MeshPacket> step_packets(std::mt19937& random, std::uint32_t tiles) {
    const auto below = [&random](std::uint32_t limit) {
        return static_cast<std::uint32_t>(random() % limit);
    };
    std::vector<emu::MeshPacket> packets;
    for (int group = 0; group < 12; ++group) {
        const std::uint32_t from = below(tiles);
        const std::uint32_t first = below(tiles);
        for (std::uint32_t i = below(30); i != 0; --i) {
            const std::uint32_t to = (first + below(4)) % tiles;
            packets.push_back(test::packet(0, from, to, 1 + below(5)));
            packets.back().kind = static_cast<emu::PacketKind>(below(3));
        }
    }
    return packets;
}

/// Loads of all links. Each one in turn is made the busiest by far, which tells its load.
std::vector<std::uint64_t> loads(emu::MeshGrid grid) {
    constexpr std::uint64_t kFar = 1'000'000'000;
    std::vector<std::uint64_t> all;
    emu::MeshCounters ignored;
    std::uint64_t far = 0;
    for (std::uint32_t mesh = 0; mesh < grid.meshes(); ++mesh) {
        for (const TileId tile : grid.tile_ids()) {
            for (std::size_t i = 0; i < emu::index_of(emu::Direction::kLocal); ++i) {
                const auto way = static_cast<emu::Direction>(i);
                if (!grid.exists(tile, way)) continue;
                const TileId next = grid.neighbor(tile, way);
                if (grid.tables() != nullptr && grid.tables()->hops(tile, next) != 1) continue;
                far += kFar;
                grid.count_route(tile, next, mesh, far, ignored);
                all.push_back(grid.max_link_flits() - far);
            }
        }
    }
    return all;
}

}  // namespace

TEST_CASE("packets that enter by the routes of their source count as they do one by one",
          "[source_routes]") {
    isa::ChipSpec chip = four_chips(GENERATE(false, true));
    chip.mesh.policy =
        GENERATE(isa::MeshPolicy::kAlternate, isa::MeshPolicy::kParity, isa::MeshPolicy::kType);
    if (chip.faults.dead_links.empty()) {
        chip.mesh.routing =
            GENERATE(isa::MeshRouting::kXy, isa::MeshRouting::kYx, isa::MeshRouting::kXyYx);
    }
    const emu::MeshParams params = emu::MeshParams::of(chip);
    emu::MeshGrid one_by_one{params};
    emu::MeshGrid together{params};
    emu::SourceRoutes<std::uint64_t> routes{together};
    emu::MeshCounters wanted;
    emu::MeshCounters counters;
    std::mt19937 random{11};
    for (int step = 0; step < 5; ++step) {
        one_by_one.begin();
        together.begin();
        for (const emu::MeshPacket& packet : step_packets(random, together.tiles())) {
            // What is known of a pair of tiles and a mesh, so another pair's is noticed.
            const auto about = [&packet](std::uint64_t mesh) {
                return (mesh << 32U) + (std::uint64_t{packet.source_tile.value()} << 16U) +
                       packet.target_tile.value();
            };
            const std::uint32_t mesh = one_by_one.enter(packet, wanted);
            REQUIRE(routes.enter(packet, counters, about) == about(mesh));
        }
        routes.count(counters);
        REQUIRE(counters == wanted);
        REQUIRE(together.max_link_flits() == one_by_one.max_link_flits());
    }
    const std::vector<std::uint64_t> wanted_loads = loads(one_by_one);
    CHECK(loads(together) == wanted_loads);
    CHECK(*std::max_element(wanted_loads.begin(), wanted_loads.end()) ==
          one_by_one.max_link_flits());
}
