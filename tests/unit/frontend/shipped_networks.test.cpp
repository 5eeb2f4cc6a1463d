#include <catch2/catch.hpp>
#include <random>

#include "compiler/frontend/frontend.hpp"
#include "tests/unit/frontend/support.hpp"

using namespace seamount;

namespace {

compiler::Network read_shipped(const std::string& name, const std::string& variable,
                               const std::filesystem::path& value) {
    const std::filesystem::path configs = std::filesystem::path{SEAMOUNT_SOURCE_DIR} / "configs";
    const Settings settings{{{variable, value.string()}}};
    Diagnostics diagnostics;
    compiler::Network network = compiler::read_network(configs / "networks" / name, settings,
                                                       configs / "neurons", diagnostics);
    diagnostics.throw_if_errors();
    return network;
}

}  // namespace

TEST_CASE("random.yaml takes edges, biases, thresholds and cores from its files",
          "[shipped_networks]") {
    const test::TemporaryFolder folder;
    std::mt19937 draw{3};
    std::vector<std::int32_t> edges;
    for (std::int32_t e = 0; e < 40; ++e) {
        edges.push_back(e / 4);
        edges.push_back(static_cast<std::int32_t>(draw() % 10));
        edges.push_back(static_cast<std::int32_t>(draw() % 17) - 8);
    }
    folder.write("net.edges.npy", test::npy_i4({40, 3}, edges));
    std::string neurons = "id,core,bias,threshold\n";
    for (int i = 0; i < 10; ++i) {
        neurons += std::to_string(i) + "," + std::to_string(i / 5) + "," + std::to_string(7 * i) +
                   ",1000\n";
    }
    folder.write("net.neurons.csv", neurons);
    const auto network = read_shipped("random.yaml", "prefix", folder / "net");
    REQUIRE(network.populations.size() == 1);
    const auto& population = network.populations[0];
    CHECK(population.size == 10);
    CHECK(population.pinned.at(4) == CoreId{0});
    CHECK(population.pinned.at(5) == CoreId{1});
    CHECK(population.args.at("bias").at(9) == 63);
    CHECK(population.args.at("vth").list == std::vector<std::int64_t>{1000});
    CHECK(network.projections[0].exponent == -1);
    const auto rows = test::rows_of(network, 0);
    for (std::size_t e = 0; e < 40; ++e) {
        const auto& synapse = rows[e / 4].at(e % 4);
        CHECK(synapse.target == static_cast<std::uint32_t>(edges[3 * e + 1]));
        CHECK(synapse.weight == 2.0 * edges[3 * e + 2]);
        CHECK(synapse.delay == 0);
    }
}

TEST_CASE("edges.yaml takes any edge list", "[shipped_networks]") {
    const test::TemporaryFolder folder;
    folder.write("e.npy", test::npy_i4({3, 2}, {0, 1, 5, 2, 5, 0}));
    const auto network = read_shipped("edges.yaml", "edges", folder / "e.npy");
    CHECK(network.populations[0].size == 6);
    CHECK_FALSE(network.populations[0].pinned.given());
    const auto rows = test::rows_of(network, 0);
    REQUIRE(rows[5].size() == 2);
    CHECK(rows[5][0].weight == 1.0);
    CHECK(rows[0][0].target == 1);
}
