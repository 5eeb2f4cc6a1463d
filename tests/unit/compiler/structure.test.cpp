#include <catch2/catch.hpp>

#include <set>

#include "compiler/partition/graph/portfolio.hpp"
#include "compiler/partition/hypergraph/hypergraph.hpp"
#include "compiler/partition/seeds/seeds.hpp"

namespace seamount::compiler {
namespace {

/// Vertices of one kind, none of them fixed, without nets yet.
Hypergraph equal_vertices(std::uint32_t vertices, std::uint32_t synapses, std::uint32_t bits) {
    Hypergraph graph;
    graph.compartments.assign(vertices, 1);
    graph.synapses.assign(vertices, synapses);
    graph.bits.assign(vertices, bits);
    graph.kind.assign(vertices, 0);
    graph.fixed.assign(vertices, Hypergraph::kNone);
    graph.features_of_kind = {{}};
    graph.first_pin.push_back(0);
    return graph;
}

TEST_CASE("channels that see the same pixels are found to be interchangeable", "[structure]") {
    // 30 pixels of 8 channels; a net per source pixel reaches all channels of its own pixel and
    // the next.
    const auto vertices = 30U * 8 + 30;
    Hypergraph graph = equal_vertices(vertices, 2, 36);
    for (std::uint32_t pixel = 0; pixel < 30; ++pixel) {
        graph.rate.push_back(1);
        graph.axons.push_back(1);
        graph.home.push_back(pixel);
        graph.home_is_target.push_back(0);
        graph.pins.push_back(pixel);
        for (std::uint32_t c = 0; c < 16; ++c) graph.pins.push_back(30 + (pixel * 8 + c) % 240);
        graph.first_pin.push_back(graph.pins.size());
    }
    graph.connect_vertices();
    PartLimits limits;
    limits.compartments = 100;
    std::vector<std::uint32_t> group_of;
    CHECK(find_twins(graph, limits, group_of) == 60);
    for (std::uint32_t v = 30; v < vertices; ++v) {
        CHECK(group_of[v] == group_of[30 + (v - 30) / 8 * 8]);
    }
}

TEST_CASE("a network without structure is recognised, one with structure is not", "[structure]") {
    const auto cut_of = [](bool structured, std::uint32_t axons) {
        MappingDice dice{4};
        const std::uint32_t vertices = 6000;
        Hypergraph graph = equal_vertices(vertices, 20, 360);
        for (std::uint32_t n = 0; n < vertices; ++n) {
            graph.rate.push_back(1);
            graph.axons.push_back(1);
            graph.home.push_back(n);
            graph.home_is_target.push_back(0);
            std::set<std::uint32_t> pins{n};
            graph.pins.push_back(n);
            while (pins.size() < 80) {
                const std::uint32_t pin =
                    structured ? (n * 17 + dice.below(200) * 17) % vertices : dice.below(vertices);
                if (pins.insert(pin).second) graph.pins.push_back(pin);
            }
            graph.first_pin.push_back(graph.pins.size());
        }
        graph.connect_vertices();
        PartLimits limits;
        limits.compartments = 200;
        limits.input_axons = axons;
        return find_cut(graph, 40, limits, {});
    };
    const Cut none = cut_of(false, 0);
    INFO(static_cast<double>(none.cost));
    CHECK(none.is_random);
    CHECK(none.fits);
    const Cut some = cut_of(true, 0);
    CHECK_FALSE(some.is_random);
    CHECK(some.fits);
    CHECK(some.cost * 2 < none.cost);
    // Forty parts of 150 vertices reach nearly all 6,000 sources each, or some 500 neighbours.
    const Cut too_many = cut_of(false, 2000);
    CHECK(too_many.is_random);
    CHECK_FALSE(too_many.fits);
    CHECK(cut_of(true, 2000).fits);
}

}  // namespace
}  // namespace seamount::compiler
