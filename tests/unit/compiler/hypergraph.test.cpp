#include "compiler/partition/hypergraph/hypergraph.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <map>
#include <numeric>
#include <set>

#include "compiler/partition/graph/portfolio.hpp"
#include "compiler/partition/hypergraph/assignment.hpp"
#include "compiler/partition/hypergraph/lane_sums.hpp"
#include "compiler/partition/hypergraph/refine.hpp"
#include "compiler/partition/seeds/seeds.hpp"

namespace seamount::compiler {
namespace {

/// Nets of random pins; every tenth comes from the host, some homes are targets too.
Hypergraph random_graph(std::uint64_t seed, std::uint32_t vertices, std::uint32_t nets,
                        std::uint32_t pins) {
    MappingDice dice{seed};
    Hypergraph graph;
    for (std::uint32_t v = 0; v < vertices; ++v) {
        graph.compartments.push_back(1 + dice.below(3));
        graph.synapses.push_back(dice.below(20));
        graph.bits.push_back(graph.synapses.back() * 18);
        graph.kind.push_back(dice.below(3));
        graph.fixed.push_back(Hypergraph::kNone);
    }
    graph.features = {{SharedResource::kNeuronGroup, 1}, {SharedResource::kMicrocodeWord, 7}};
    graph.features_of_kind = {{0, 1}, {0}, {1}};
    graph.first_pin.push_back(0);
    for (std::uint32_t n = 0; n < nets; ++n) {
        std::set<std::uint32_t> seen;
        const bool from_host = n % 10 == 0;
        graph.rate.push_back(1 + dice.below(4));
        graph.axons.push_back(1 + dice.below(2));
        graph.home.push_back(from_host ? Hypergraph::kNone : dice.below(vertices));
        graph.home_is_target.push_back(!from_host && dice.below(3) == 0 ? 1 : 0);
        if (!from_host) seen.insert(graph.home.back());
        if (!from_host) graph.pins.push_back(graph.home.back());
        for (std::uint32_t p = 0; p < 1 + dice.below(pins); ++p) {
            const std::uint32_t pin = dice.below(vertices);
            if (seen.insert(pin).second) graph.pins.push_back(pin);
        }
        if (seen.size() == 1 && !from_host) graph.home_is_target.back() = 1;
        graph.first_pin.push_back(graph.pins.size());
    }
    graph.connect_vertices();
    return graph;
}

/// Counted from the definition, net by net.
struct Recount {
    std::uint64_t cost = 0;
    std::vector<PartLoad> loads;
};

Recount recount(const Hypergraph& graph, const std::vector<std::uint32_t>& part_of,
                std::uint32_t parts) {
    Recount count;
    count.loads.resize(parts);
    std::vector<std::set<std::uint32_t>> features(parts);
    for (std::uint32_t v = 0; v < graph.vertex_count(); ++v) {
        PartLoad& load = count.loads[part_of[v]];
        load.compartments += graph.compartments[v];
        load.synapses += graph.synapses[v];
        load.bits += graph.bits[v];
        for (const std::uint32_t f : graph.features_of_kind[graph.kind[v]]) {
            features[part_of[v]].insert(f);
        }
    }
    for (std::uint32_t p = 0; p < parts; ++p) {
        for (const std::uint32_t f : features[p]) {
            count.loads[p].shared[static_cast<std::size_t>(graph.features[f].resource)] +=
                graph.features[f].amount;
        }
    }
    for (std::uint32_t n = 0; n < graph.net_count(); ++n) {
        std::set<std::uint32_t> all;
        std::set<std::uint32_t> reached;
        for (const std::uint32_t pin : graph.pins_of(n)) {
            all.insert(part_of[pin]);
            if (pin != graph.home[n] || graph.home_is_target[n] != 0) reached.insert(part_of[pin]);
        }
        count.cost += graph.rate[n] * (all.size() - 1);
        for (const std::uint32_t p : reached) count.loads[p].input_axons += graph.axons[n];
        if (graph.home[n] == Hypergraph::kNone) continue;
        count.loads[part_of[graph.home[n]]].output_axons += reached.size() * graph.axons[n];
    }
    return count;
}

bool same(const PartLoad& a, const PartLoad& b) {
    return a.compartments == b.compartments && a.synapses == b.synapses && a.bits == b.bits &&
           a.input_axons == b.input_axons && a.output_axons == b.output_axons &&
           a.shared == b.shared;
}

std::vector<std::uint32_t> random_parts(const Hypergraph& graph, std::uint32_t parts,
                                        MappingDice& dice) {
    std::vector<std::uint32_t> part_of;
    for (std::uint32_t v = 0; v < graph.vertex_count(); ++v) part_of.push_back(dice.below(parts));
    return part_of;
}

TEST_CASE("packets, axons and loads stay exact while vertices move", "[hypergraph]") {
    for (std::uint64_t seed = 1; seed < 12; ++seed) {
        const Hypergraph graph = random_graph(seed, 60, 50, 12);
        MappingDice dice{seed};
        const std::uint32_t parts = seed % 2 == 0 ? 7 : 70;
        PartLimits limits;
        limits.input_axons = 1000;
        Assignment assignment{graph, parts, limits, random_parts(graph, parts, dice)};
        for (int move = 0; move < 200; ++move) {
            assignment.move(dice.below(graph.vertex_count()), dice.below(parts));
            if (move % 20 != 0) continue;
            const Recount slow = recount(graph, assignment.part_of(), parts);
            REQUIRE(assignment.cost() == slow.cost);
            for (std::uint32_t p = 0; p < parts; ++p) {
                REQUIRE(same(assignment.load(p), slow.loads[p]));
            }
        }
    }
}

TEST_CASE("whether a vertex fits is what moving it shows", "[hypergraph]") {
    const Hypergraph graph = random_graph(5, 60, 50, 12);
    MappingDice dice{5};
    const PartLimits limits{14, 90, 1500, 40, 120, {1, 7, 0}};
    Assignment assignment{graph, 9, limits, random_parts(graph, 9, dice)};
    int refused = 0;
    for (int i = 0; i < 2000; ++i) {
        const std::uint32_t vertex = dice.below(graph.vertex_count());
        const std::uint32_t from = assignment.part_of()[vertex];
        const std::uint32_t to = dice.below(9);
        if (from == to) continue;
        const bool fits = assignment.fits(vertex, to);
        assignment.move(vertex, to);
        // Output axons of other cores may only make it stricter.
        if (fits) REQUIRE_FALSE(assignment.overfull(to));
        if (!fits) ++refused;
        if (!fits) assignment.move(vertex, from);
    }
    CHECK(refused > 100);
}

TEST_CASE("refinement never makes a mapping worse and keeps its limits", "[hypergraph]") {
    int improved = 0;
    for (std::uint64_t seed = 20; seed < 40; ++seed) {
        const Hypergraph graph = random_graph(seed, 200, 150, 10);
        PartLimits limits;
        limits.compartments = 120;
        limits.input_axons = 200;
        Assignment assignment{graph, 6, limits, streaming_seed(graph, 6, limits)};
        const std::uint64_t before = assignment.cost();
        const bool did_fit = !assignment.any_overfull();
        const bool fits = refine(assignment, {12, seed % 2 == 0 ? 2.0 : 0.0, seed});
        REQUIRE(assignment.cost() == recount(graph, assignment.part_of(), 6).cost);
        REQUIRE(fits == !assignment.any_overfull());
        if (!did_fit) continue;
        REQUIRE(fits);
        REQUIRE(assignment.cost() <= before);
        if (assignment.cost() < before) ++improved;
    }
    CHECK(improved > 10);
}

TEST_CASE("merging neurons changes no packet of a mapping that keeps them together",
          "[hypergraph]") {
    for (std::uint64_t seed = 50; seed < 60; ++seed) {
        const Hypergraph graph = random_graph(seed, 80, 90, 8);
        MappingDice dice{seed};
        std::vector<std::uint32_t> cluster_of;
        for (std::uint32_t v = 0; v < 80; ++v) cluster_of.push_back(v < 20 ? v : dice.below(20));
        const Hypergraph coarse = contract(graph, cluster_of, 20);
        const std::vector<std::uint32_t> coarse_parts = random_parts(coarse, 5, dice);
        std::vector<std::uint32_t> part_of;
        for (const std::uint32_t cluster : cluster_of) part_of.push_back(coarse_parts[cluster]);
        PartLimits limits;
        limits.input_axons = 1000;
        const Assignment few{coarse, 5, limits, coarse_parts};
        const Assignment all{graph, 5, limits, part_of};
        CHECK(few.cost() == all.cost());
        for (std::uint32_t p = 0; p < 5; ++p) {
            CHECK(few.load(p).input_axons == all.load(p).input_axons);
            CHECK(few.load(p).output_axons == all.load(p).output_axons);
            CHECK(few.load(p).synapses == all.load(p).synapses);
        }
    }
}

TEST_CASE("reordering a hypergraph changes nothing but the numbers", "[hypergraph]") {
    const Hypergraph graph = random_graph(3, 40, 60, 6);
    MappingDice dice{3};
    std::vector<std::uint32_t> order(40);
    for (std::uint32_t v = 0; v < 40; ++v) order[v] = v;
    shuffle(order, dice);
    const std::vector<std::uint32_t> part_of = random_parts(graph, 4, dice);
    std::vector<std::uint32_t> reordered;
    for (const std::uint32_t v : order) reordered.push_back(part_of[v]);
    const Hypergraph sorted = reorder(graph, order);
    CHECK(recount(sorted, reordered, 4).cost == recount(graph, part_of, 4).cost);
}

TEST_CASE("sums of lanes are those of plain counters", "[hypergraph]") {
    MappingDice dice{9};
    LaneSums sums{3};
    for (int round = 0; round < 20; ++round) {
        sums.clear();
        std::vector<std::vector<std::uint64_t>> masks;
        for (int i = 0; i < 40; ++i) masks.push_back({dice.next(), dice.next(), dice.next()});
        std::vector<std::uint64_t> plain(192);
        for (const auto& mask : masks) {
            const std::uint32_t weight = dice.below(3) == 0 ? 1 + dice.below(1000) : 1;
            sums.add(mask.data(), weight);
            for (std::uint32_t lane = 0; lane < 192; ++lane) {
                plain[lane] += weight * (mask[lane / 64] >> (lane % 64) & 1);
            }
        }
        sums.flush();
        const std::uint64_t bound = dice.below(12000);
        for (std::uint32_t lane = 0; lane < 192; ++lane) {
            REQUIRE(sums.of(lane) == plain[lane]);
            REQUIRE((sums.at_least(bound, lane / 64) >> (lane % 64) & 1) ==
                    (plain[lane] >= bound ? 1 : 0));
        }
        std::vector<std::uint64_t> some{dice.next(), dice.next(), dice.next() & dice.next()};
        std::uint64_t largest = 0;
        for (std::uint32_t lane = 0; lane < 192; ++lane) {
            if ((some[lane / 64] >> (lane % 64) & 1) != 0) largest = std::max(largest, plain[lane]);
        }
        CHECK(sums.largest(some) == largest);
        some.assign(3, 0);
        CHECK(sums.largest(some) == 0);
    }
}

TEST_CASE("a cut that is left unpolished is taken up again where it was", "[hypergraph]") {
    for (const std::uint64_t seed : {1U, 2U, 3U}) {
        const Hypergraph graph = random_graph(seed, 800, 800, 9);
        PartLimits limits;
        limits.compartments = 200;
        PortfolioOptions options{Partitioner::kAuto, 5, seed, false, false, 0};
        const Cut rough = find_cut(graph, 20, limits, options);
        CHECK_FALSE(rough.is_final);
        options.polishes = true;
        const Cut fine = find_cut(graph, 20, limits, options, &rough);
        CHECK(fine.is_final);
        CHECK(fine.fits);
        CHECK(fine.cost < rough.cost);
        CHECK(fine.cost == recount(graph, fine.part_of, fine.parts).cost);
        CHECK(find_cut(graph, 20, limits, options, &rough).part_of == fine.part_of);
    }
}

TEST_CASE("a patient refinement is as good as one that looks at every vertex each time",
          "[hypergraph]") {
    std::uint64_t thorough = 0;
    std::uint64_t patient = 0;
    for (const std::uint64_t seed : {1U, 2U, 3U, 4U}) {
        const Hypergraph graph = random_graph(seed, 800, 800, 9);
        PartLimits limits;
        limits.compartments = 200;
        const std::vector<std::uint32_t> start = streaming_seed(graph, 12, limits);
        for (const std::uint32_t patience : {1U, 4U}) {
            Assignment assignment{graph, 12, limits, start};
            const std::uint64_t before = assignment.cost();
            CHECK(refine(assignment, {30, 1.0, seed, patience, 0.0}));
            CHECK(assignment.cost() < before);
            (patience == 1 ? thorough : patient) += assignment.cost();
        }
    }
    CHECK(static_cast<double>(patient) < 1.03 * static_cast<double>(thorough));
}

TEST_CASE("parts that keep their neurons keep them, and save no less", "[hypergraph]") {
    std::uint64_t emptied = 0;
    std::uint64_t kept = 0;
    for (const std::uint64_t seed : {1U, 2U, 3U, 4U}) {
        const Hypergraph graph = random_graph(seed, 2000, 2000, 20);
        const std::uint64_t compartments =
            std::accumulate(graph.compartments.begin(), graph.compartments.end(), std::uint64_t{0});
        constexpr std::uint32_t kParts = 20;
        PartLimits limits;
        limits.compartments = compartments / kParts * 103 / 100;
        const std::uint64_t least = compartments / kParts * 97 / 100;
        const std::vector<std::uint32_t> start = streaming_seed(graph, kParts, limits);
        Assignment plain{graph, kParts, limits, start};
        refine(plain, {4, 0.0, seed});
        emptied += plain.cost();
        Assignment even{graph, kParts, limits, start};
        std::vector<std::uint64_t> before;
        for (std::uint32_t part = 0; part < kParts; ++part) {
            before.push_back(even.load(part).compartments);
        }
        Annealing annealing{4, 0.0, seed};
        annealing.least = least;
        refine(even, annealing);
        kept += even.cost();
        const std::uint64_t largest = std::ranges::max(graph.compartments);
        for (std::uint32_t part = 0; part < kParts; ++part) {
            INFO("part " << part << ", seed " << seed);
            CHECK(even.load(part).compartments + largest >= std::min(least, before[part]));
        }
    }
    CHECK(kept < emptied);
}

TEST_CASE("METIS finds communities from some of the targets as well as from all", "[hypergraph]") {
    constexpr std::uint32_t kCommunities = 8;
    constexpr std::uint32_t kVertices = 1600;
    constexpr std::uint32_t kTargets = 150;
    Hypergraph graph = random_graph(1, kVertices, 0, 1);
    MappingDice dice{7};
    for (std::uint32_t v = 0; v < kVertices; ++v) {
        graph.rate.push_back(1);
        graph.axons.push_back(1);
        graph.home.push_back(v);
        graph.home_is_target.push_back(0);
        graph.pins.push_back(v);
        for (std::uint32_t t = v % kCommunities; t < kVertices; t += kCommunities) {
            if (t != v && dice.below(kVertices / kCommunities) < kTargets) graph.pins.push_back(t);
        }
        graph.first_pin.push_back(graph.pins.size());
    }
    graph.connect_vertices();
    PartLimits limits;
    const auto cost = [&](std::uint32_t most_targets) {
        const std::vector<std::uint32_t> part_of =
            metis_seed(graph, kCommunities, limits, {true, 0, most_targets}, 3);
        CHECK(metis_seed(graph, kCommunities, limits, {true, 0, most_targets}, 3) == part_of);
        return recount(graph, part_of, kCommunities).cost;
    };
    const std::uint64_t all = cost(0);
    CHECK(cost(kVertices) == all);
    CHECK(cost(32) <= all + all / 50);
    CHECK(all < kVertices);
}

}  // namespace
}  // namespace seamount::compiler
