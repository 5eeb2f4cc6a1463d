#include <catch2/catch.hpp>

#include <functional>
#include <map>
#include <set>
#include <utility>

#include "compiler/base/dice.hpp"
#include "compiler/place/search/anneal.hpp"
#include "compiler/place/search/force.hpp"
#include "compiler/place/search/link_relief.hpp"
#include "compiler/place/traffic/mesh_links.hpp"
#include "isa/chip/routes.hpp"
#include "tests/unit/compiler/networks.hpp"

namespace seamount::compiler {
namespace {

using Cores = IdVector<ShardId, CoreId>;

isa::ChipSpec grid(std::uint32_t width, std::uint32_t height) {
    isa::ChipSpec chip = small_chip();
    chip.width = width;
    chip.height = height;
    chip.cores_per_tile = 1;
    return chip;
}

/// What packets make that walk their routes one link at a time.
struct Walked {
    double hops = 0.0;
    double busiest = 0.0;
};
Walked walk(const CoreTraffic& traffic, const isa::ChipSpec& chip, const Cores& core_of) {
    const isa::Routes routes{chip};
    std::map<std::pair<TileId, isa::Way>, double> links;
    Walked walked;
    for (const ShardId a : core_of.ids()) {
        for (const ShardId b : core_of.ids()) {
            const auto packets = static_cast<double>(traffic.from_to(a, b));
            if (packets == 0.0) continue;
            routes.for_each_link(chip.tile_of(core_of[a]), chip.tile_of(core_of[b]),
                                 [&](TileId tile, isa::Way way) {
                                     walked.hops += packets;
                                     links[{tile, way}] += packets;
                                 });
        }
    }
    for (const auto& [link, load] : links) walked.busiest = std::max(walked.busiest, load);
    return walked;
}

/// Thirty shards with scattered traffic, one of them pinned to core 20, along the rows of the chip.
struct Scattered {
    explicit Scattered(std::uint64_t seed) {
        MappingDice dice{seed};
        for (int i = 0; i < 120; ++i) {
            const ShardId from{dice.below(30)};
            const ShardId to{dice.below(30)};
            if (from != to) traffic.add(from, to, 1 + dice.below(100));
        }
        search.seed = seed;
        search.movable.assign(30, true);
        search.movable[ShardId{4}] = false;
        for (std::uint32_t s = 0; s < 30; ++s) {
            start.push_back(CoreId{s == 4 ? 20 : (s == 20 ? 4 : s)});
            if (s != 4) search.cores.push_back(start.back());
        }
    }

    /// The cores after a search.
    [[nodiscard]] Cores after(const isa::ChipSpec& chip,
                              const std::function<void(Arrangement&)>& run) const {
        Arrangement arrangement{traffic, chip, search, start};
        run(arrangement);
        return arrangement.core_of();
    }

    CoreTraffic traffic{30};
    PlacementSearch search;
    Cores start;
};

TEST_CASE("placement by traffic shortens the way of packets and leaves pinned cores alone",
          "[placement_search]") {
    const isa::ChipSpec chip = grid(6, 6);
    for (std::uint64_t seed = 1; seed < 8; ++seed) {
        const Scattered problem{seed};
        const double before = walk(problem.traffic, chip, problem.start).hops;
        const auto anneal = [&](Arrangement& a) { anneal_placement(seed, a); };
        const Cores forced = problem.after(chip, settle_by_force);
        const Cores annealed = problem.after(chip, anneal);
        CHECK(walk(problem.traffic, chip, forced).hops < before * 0.9);
        CHECK(walk(problem.traffic, chip, annealed).hops <
              walk(problem.traffic, chip, forced).hops);
        for (const Cores& cores : {forced, annealed}) {
            CHECK(cores[ShardId{4}] == CoreId{20});
            CHECK(std::set<CoreId>(cores.begin(), cores.end()) ==
                  std::set<CoreId>(problem.start.begin(), problem.start.end()));
        }
        CHECK(problem.after(chip, anneal) == annealed);
    }
}

TEST_CASE("an arrangement knows what an exchange changes, free cores and chips apart included",
          "[placement_search]") {
    isa::ChipSpec chip = grid(8, 4);
    chip.mesh.chips_x = 2;
    chip.mesh.offchip_occupancy = Picoseconds{5000};
    chip.link_occupancy = Picoseconds{1000};
    Scattered problem{3};
    problem.search.cores.emplace_back(30);
    problem.search.cores.emplace_back(31);
    Arrangement arrangement{problem.traffic, chip, problem.search, problem.start};
    MappingDice dice{9};
    const MeshLinks links{chip};
    for (int i = 0; i < 200; ++i) {
        const Arrangement::Move move = arrangement.pick_any(dice);
        if (!arrangement.is_allowed(move)) continue;
        const double before = arrangement.hops();
        const auto change = static_cast<double>(arrangement.change(move));
        arrangement.exchange(move);
        CHECK(arrangement.hops() == Approx(before + change));
    }
    double hops = 0.0;  // a link between the chips counts five times
    for (const ShardId a : problem.start.ids()) {
        for (const ShardId b : problem.start.ids()) {
            links.for_each(chip.tile_of(arrangement.core_of()[a]),
                           chip.tile_of(arrangement.core_of()[b]), [&](std::size_t link) {
                               hops += static_cast<double>(problem.traffic.from_to(a, b)) *
                                       (links.is_off_chip(link) ? 5.0 : 1.0);
                           });
        }
    }
    CHECK(arrangement.hops() == Approx(hops));
}

TEST_CASE("relief takes load from the busiest link, for few hops, around dead links too",
          "[placement_search][study]") {
    for (const bool dead : {false, true}) {
        isa::ChipSpec chip = grid(6, 6);
        if (dead) {
            chip.faults.dead_links = {
                {TileId{7}, TileId{8}}, {TileId{14}, TileId{20}}, {TileId{15}, TileId{21}}};
        }
        int lighter = 0;
        for (std::uint64_t seed = 1; seed < 8; ++seed) {
            const Scattered problem{seed};
            const auto anneal = [&](Arrangement& a) { anneal_placement(seed, a); };
            const auto relieve = [&](double share) {
                return problem.after(chip, [&](Arrangement& a) {
                    anneal_placement(seed, a);
                    relieve_links(problem.traffic, seed, share, a);
                });
            };
            const Walked before = walk(problem.traffic, chip, problem.after(chip, anneal));
            for (const double share : {0.0, 0.02, 0.1}) {
                const Cores cores = relieve(share);
                const Walked after = walk(problem.traffic, chip, cores);
                CHECK(after.hops <= before.hops * (1.0 + share));
                CHECK(after.busiest <= before.busiest);
                CHECK(cores[ShardId{4}] == CoreId{20});
                CHECK(relieve(share) == cores);
                if (share == 0.1 && after.busiest < before.busiest * 0.9) ++lighter;
            }
        }
        INFO(dead);
        CHECK(lighter >= 5);
    }
}

TEST_CASE("relief spreads a congested row of a chip over its other rows", "[placement_search]") {
    // Pairs that talk across the middle of their row, all of them.
    const isa::ChipSpec chip = grid(8, 8);
    CoreTraffic traffic{16};
    PlacementSearch search;
    search.movable.assign(16, true);
    Cores start;
    for (std::uint32_t s = 0; s < 16; ++s) {
        start.push_back(CoreId{s < 8 ? s : 64 - 16 + s});
        if (s < 4) traffic.add(ShardId{s}, ShardId{7 - s}, 100);
    }
    for (const CoreId core : chip.core_ids()) search.cores.push_back(core);
    Arrangement arrangement{traffic, chip, search, start};
    CHECK(walk(traffic, chip, start).busiest == 400.0);
    relieve_links(traffic, 1, 0.0, arrangement);
    CHECK(walk(traffic, chip, arrangement.core_of()).busiest <= 100.0);
    CHECK(walk(traffic, chip, arrangement.core_of()).hops <= walk(traffic, chip, start).hops);
}

TEST_CASE("shards that talk much share a chip if links between chips cost more",
          "[placement_search]") {
    const auto crossing = [](std::uint64_t off_chip_ps) {
        isa::ChipSpec chip = grid(8, 2);
        chip.mesh.chips_x = 2;
        chip.link_occupancy = Picoseconds{1000};
        chip.mesh.offchip_occupancy = Picoseconds{off_chip_ps};
        double packets = 0.0;
        for (std::uint64_t seed = 1; seed < 10; ++seed) {
            CoreTraffic traffic{16};
            MappingDice dice{seed};
            for (int i = 0; i < 40; ++i) {
                const ShardId from{dice.below(16)};
                const ShardId to{dice.below(16)};
                if (from != to) traffic.add(from, to, 1 + dice.below(100));
            }
            PlacementSearch search;
            search.movable.assign(16, true);
            Cores start;
            for (std::uint32_t s = 0; s < 16; ++s) start.push_back(CoreId{s * 5 % 16});
            search.cores = start.list();
            Arrangement arrangement{traffic, chip, search, start};
            anneal_placement(seed, arrangement);
            const MeshLinks links{chip};
            for (const ShardId a : start.ids()) {
                for (const ShardId b : start.ids()) {
                    links.for_each(chip.tile_of(arrangement.core_of()[a]),
                                   chip.tile_of(arrangement.core_of()[b]), [&](std::size_t link) {
                                       if (!links.is_off_chip(link)) return;
                                       packets += static_cast<double>(traffic.from_to(a, b));
                                   });
                }
            }
        }
        return packets;
    };
    CHECK(crossing(20'000) < crossing(1000) * 0.97);
}

}  // namespace
}  // namespace seamount::compiler
