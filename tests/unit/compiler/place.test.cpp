#include "compiler/place/place.hpp"
#include "compiler/place/traffic/traffic.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <map>
#include <numeric>
#include <set>
#include <tuple>

#include "compiler/base/dice.hpp"
#include "compiler/lower/lower.hpp"
#include "tests/unit/compiler/networks.hpp"

namespace seamount::compiler {
namespace {

Mapping unplaced(std::uint32_t shards) {
    Mapping mapping;
    mapping.shards = shards;
    mapping.core_of.assign(shards, Mapping::kUnplaced);
    return mapping;
}

TEST_CASE("row-major placement fills cores in the order of their numbers", "[place]") {
    Mapping mapping = unplaced(5);
    mapping.core_of[ShardId{1}] = CoreId{2};  // pinned
    place(mapping, small_chip(), Placer::kAuto, 1);
    CHECK(mapping.core_of.list() ==
          std::vector{CoreId{0}, CoreId{2}, CoreId{1}, CoreId{3}, CoreId{4}});
}

TEST_CASE("a placement seed moves the start and uses every core once", "[place]") {
    for (std::uint64_t seed = 1; seed < 40; ++seed) {
        for (const Placer placer : {Placer::kRowMajor, Placer::kHilbert}) {
            Mapping mapping = unplaced(16);
            mapping.core_of[ShardId{3}] = CoreId{9};
            place(mapping, small_chip(), placer, seed);
            CHECK(mapping.core_of[ShardId{3}] == CoreId{9});
            CHECK(std::set<CoreId>(mapping.core_of.begin(), mapping.core_of.end()).size() == 16);
            CHECK(*std::max_element(mapping.core_of.begin(), mapping.core_of.end()) == CoreId{15});
        }
    }
    Mapping first = unplaced(3);
    Mapping second = unplaced(3);
    place(first, small_chip(), Placer::kAuto, 1);
    place(second, small_chip(), Placer::kAuto, 2);
    CHECK(first.core_of != second.core_of);
}

TEST_CASE("the Hilbert curve visits neighbouring tiles one after the other", "[place]") {
    isa::ChipSpec chip = small_chip();
    chip.cores_per_tile = 1;
    chip.width = 8;
    chip.height = 8;
    Mapping mapping = unplaced(64);
    place(mapping, chip, Placer::kHilbert, 1);
    std::set<CoreId> seen;
    const std::vector<CoreId>& cores = mapping.core_of.list();
    for (std::size_t i = 0; i < 64; ++i) {
        seen.insert(cores[i]);
        if (i == 0) continue;
        const int dx =
            static_cast<int>(cores[i].value() % 8) - static_cast<int>(cores[i - 1].value() % 8);
        const int dy =
            static_cast<int>(cores[i].value() / 8) - static_cast<int>(cores[i - 1].value() / 8);
        CHECK(std::abs(dx) + std::abs(dy) == 1);
    }
    CHECK(seen.size() == 64);
}

TEST_CASE("traffic is what packets make that walk the mesh one link at a time", "[place]") {
    for (std::uint32_t seed = 400; seed < 410; ++seed) {
        const isa::ChipSpec chip = small_chip();
        Diagnostics found;
        const Lowered lowered = lower(random_network(seed), chip, found);
        Dice dice{seed};
        Mapping mapping = unplaced(12);
        for (std::uint32_t n = 0; n < lowered.neuron_count(); ++n) {
            mapping.shard_of.push_back(ShardId{static_cast<std::uint32_t>(dice.roll(0, 11))});
        }
        place(mapping, chip, Placer::kHilbert, seed);

        std::set<std::pair<NeuronId, ShardId>> packets;
        for (const Connection& c : connections_of(lowered)) {
            if (!c.from_input) packets.insert({NeuronId{c.source}, mapping.shard_of[c.target]});
        }
        std::map<std::tuple<int, int, int, int>, std::uint64_t> links;
        std::uint64_t hops = 0;
        for (const auto& [neuron, shard] : packets) {
            const auto from = chip.tile_of(mapping.core_of[mapping.shard_of[neuron]]);
            const auto to = chip.tile_of(mapping.core_of[shard]);
            int x = static_cast<int>(chip.column_of(from));
            int y = static_cast<int>(chip.row_of(from));
            const int to_x = static_cast<int>(chip.column_of(to));
            const int to_y = static_cast<int>(chip.row_of(to));
            while (x != to_x || y != to_y) {
                const int dx = x < to_x ? 1 : (x > to_x ? -1 : 0);
                const int dy = dx != 0 ? 0 : (y < to_y ? 1 : -1);
                ++links[{x, y, dx, dy}];
                ++hops;
                x += dx;
                y += dy;
            }
        }
        std::uint64_t busiest = 0;
        for (const auto& [link, load] : links) busiest = std::max(busiest, load);
        const Traffic traffic = count_traffic(lowered, mapping, chip);
        CHECK(traffic.packets + traffic.local_packets == packets.size());
        CHECK(traffic.hops == hops);
        CHECK(traffic.max_link == busiest);
        CHECK(hops > 0);
    }
}

}  // namespace
}  // namespace seamount::compiler
