#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <map>
#include <random>
#include <set>

#include "isa/chip/chip_spec.hpp"
#include "isa/chip/routes.hpp"

using namespace seamount;
using namespace seamount::isa;
using Catch::Contains;

namespace {

const std::string kGrid = "prices: none\ntopology: {width: 6, height: 5, cores_per_tile: 2}\n";

std::string failure(const std::string& text) {
    try {
        (void)ChipSpec::parse(text, "chip.yaml");
    } catch (const InputError& e) {
        return e.what();
    }
    return {};
}

/// A 6 x 5 mesh of which some links are dead, chosen so that all tiles stay connected.
ChipSpec damaged(unsigned seed, std::size_t links) {
    ChipSpec chip = ChipSpec::parse(kGrid, "chip.yaml");
    std::mt19937 random{seed};
    while (chip.faults.dead_links.size() < links) {
        const TileId tile{static_cast<std::uint32_t>(random() % 30)};
        const bool east = random() % 2 == 0;
        if (east ? chip.column_of(tile) == 5 : chip.row_of(tile) == 4) continue;
        const ChipFaults before = chip.faults;
        chip.faults.dead_links.emplace_back(tile, tile + (east ? 1 : 6));
        const Routes routes{chip};
        for (const TileId other : chip.tile_ids()) {
            if (!routes.connected(TileId{0}, other)) chip.faults = before;
        }
    }
    return chip;
}

std::uint32_t manhattan(std::uint32_t a, std::uint32_t b) {
    const auto apart = [](std::uint32_t p, std::uint32_t q) { return p > q ? p - q : q - p; };
    return apart(a % 6, b % 6) + apart(a / 6, b / 6);
}

}  // namespace

TEST_CASE("a chip file lists what is broken, with its source", "[faults]") {
    const ChipSpec chip = ChipSpec::parse(kGrid + R"(
sources: {bench: "board 7, production test"}
limits: {synapse_bits: 6400}
faults:
  dead_cores: {value: [7, 3, 7], source: bench, grade: measured}
  dead_links: [[7, 1], [8, 9]]
  dead_synapse_words: [[5, 40]]
)",
                                          "chip.yaml");
    CHECK(chip.faults.dead_cores == std::vector{CoreId{3}, CoreId{7}});
    CHECK(chip.faults.dead_links ==
          std::vector{std::pair{TileId{1}, TileId{7}}, std::pair{TileId{8}, TileId{9}}});
    CHECK_FALSE(chip.core_works(CoreId{3}));
    CHECK(chip.core_works(CoreId{4}));
    CHECK(chip.limits_of(CoreId{5}).synapse_bits == 6400 - 40 * 64);
    CHECK(chip.limits_of(CoreId{4}) == chip.limits);
    CHECK(chip.provenance.at("faults.dead_cores").grade == Grade::kMeasured);
    SECTION("and the chip of an image keeps them") {
        CHECK(ChipSpec::parse_resolved(chip.resolved, "chip").faults == chip.faults);
    }
}

TEST_CASE("faults of parts that the chip does not have are errors", "[faults]") {
    const std::string text = failure(kGrid + R"(
limits: {synapse_bits: 640}
faults:
  dead_cores: [60]
  dead_links: [[0, 7], [5, 6], [0, 30], [1]]
  dead_synapse_words: [[1, 11], [2, 3], [2, 4]]
  dead_routers: [1]
)");
    CHECK_THAT(text, Contains("chip.yaml:6:16") && Contains("'core' is 60, must be in [0, 59]"));
    CHECK_THAT(text, Contains("tiles 0 and 7 have no link") && Contains("CHIP-FAULT"));
    CHECK_THAT(text, Contains("tiles 5 and 6 have no link"));
    CHECK_THAT(text, Contains("'tile' is 30, must be in [0, 29]"));
    CHECK_THAT(text, Contains("must be [tile, tile]"));
    CHECK_THAT(text, Contains("'dead words' is 11, must be in [1, 10]"));
    CHECK_THAT(text, Contains("core 2 is listed twice"));
    CHECK_THAT(text, Contains("dead_routers"));
    CHECK_THAT(failure(kGrid + "limits: {synapse_bits: 0}\nfaults: {dead_synapse_words: [[1, 1]]}"),
               Contains("synapse memory without a size"));
    CHECK_THAT(failure("topology: {width: 1, height: 1, cores_per_tile: 2}\n"
                       "faults: {dead_cores: [0, 1]}"),
               Contains("all cores are dead"));
    CHECK_THAT(failure("topology: {width: 100, height: 100, cores_per_tile: 1}\n"
                       "faults: {dead_links: [[0, 1]]}"),
               Contains("routing tables go up to 4096"));
}

TEST_CASE("dead links that cut working cores off are an error", "[faults]") {
    const std::string corner = kGrid + "faults:\n  dead_links: [[0, 1], [0, 6]]\n";
    CHECK_THAT(failure(corner), Contains("CHIP-DISCONNECTED") && Contains("58 working cores") &&
                                    Contains("no route from tile 0 to tile 1 (core 2)"));
    SECTION("unless none of them works") {
        const std::string far = kGrid + "faults:\n  dead_links: [[28, 29], [23, 29]]\n";
        CHECK_THAT(failure(far), Contains("2 working cores"));
        CHECK(failure(far + "  dead_cores: [58, 59]\n").empty());
    }
}

TEST_CASE("without dead links packets go first along x, then along y", "[faults]") {
    const Routes routes{ChipSpec::parse(kGrid, "chip.yaml")};
    REQUIRE(routes.xy());
    std::vector<Way> ways;
    routes.for_each_link(TileId{2}, TileId{13}, [&ways](TileId, Way way) { ways.push_back(way); });
    CHECK(ways == std::vector<Way>{Way::kWest, Way::kSouth, Way::kSouth});
}

TEST_CASE("routes avoid dead links and reach every tile", "[faults]") {
    for (unsigned seed = 1; seed <= 20; ++seed) {
        const ChipSpec chip = damaged(seed, seed);
        const Routes routes{chip};
        for (std::uint32_t a = 0; a < 30; ++a) {
            for (std::uint32_t b = 0; b < 30; ++b) {
                std::uint32_t links = 0;
                routes.for_each_link(TileId{a}, TileId{b}, [&](TileId tile, Way way) {
                    const auto [low, high] = std::minmax({tile, routes.neighbour(tile, way)});
                    const auto& dead = chip.faults.dead_links;
                    REQUIRE(std::find(dead.begin(), dead.end(), std::pair{low, high}) ==
                            dead.end());
                    REQUIRE(++links <= 60);
                });
                REQUIRE(links >= manhattan(a, b));
                REQUIRE(links == routes.hops(TileId{a}, TileId{b}));
            }
        }
    }
}

TEST_CASE("a dead link that no direct path needs makes no path longer", "[faults]") {
    ChipSpec chip = ChipSpec::parse(kGrid, "chip.yaml");
    chip.faults.dead_links = {{TileId{28}, TileId{29}}};
    const Routes routes{chip};
    for (std::uint32_t a = 0; a < 29; ++a) {
        for (std::uint32_t b = 0; b < 29; ++b)
            REQUIRE(routes.hops(TileId{a}, TileId{b}) == manhattan(a, b));
    }
    CHECK(routes.hops(TileId{28}, TileId{29}) == 3);
}

TEST_CASE("packets that wait for each other's links never wait in a circle", "[faults]") {
    for (unsigned seed = 1; seed <= 10; ++seed) {
        const Routes routes{damaged(seed, 2 * seed)};
        std::map<std::uint32_t, std::set<std::uint32_t>> waits;  // link -> next links of routes
        for (std::uint32_t a = 0; a < 30; ++a) {
            for (std::uint32_t b = 0; b < 30; ++b) {
                std::uint32_t before = 0;
                routes.for_each_link(TileId{a}, TileId{b}, [&](TileId tile, Way way) {
                    const std::uint32_t link =
                        tile.value() * 4 + static_cast<std::uint32_t>(way) + 1;
                    if (before != 0) waits[before].insert(link);
                    before = link;
                });
            }
        }
        std::map<std::uint32_t, int> colour;  // 1: on the path, 2: done
        const std::function<bool(std::uint32_t)> free_of_circles = [&](std::uint32_t link) {
            colour[link] = 1;
            for (const std::uint32_t next : waits[link]) {
                if (colour[next] == 1 || (colour[next] == 0 && !free_of_circles(next))) {
                    return false;
                }
            }
            colour[link] = 2;
            return true;
        };
        for (std::uint32_t link = 1; link <= 120; ++link) {
            if (colour[link] == 0) REQUIRE(free_of_circles(link));
        }
    }
}
