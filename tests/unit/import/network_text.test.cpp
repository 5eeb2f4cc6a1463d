#include "tools/import/network/network_text.hpp"

#include <catch2/catch.hpp>

#include <filesystem>

#include "compiler/frontend/data/npz.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace seamount;
using namespace seamount::importer;

TEST_CASE("a network file is written with the arrays that it names", "[network_text]") {
    const test::TemporaryFolder folder;
    NetworkText network{"n", "net.npz", {"From here."}};
    network.population(
        "a", "", {{"neuron", "lif"}, {"size", "2"}},
        {{"vth", network.values("vth", {3, 3})}, {"bias", network.values("b", {1, 2})}});
    network.projection("all",
                       {{"from", "a"}, {"weights", network.keep({"w", {2, 2}, {0.5, 1, 2, 4}})}});
    CHECK(network.yaml() ==
          "# From here.\n"
          "network: n\n"
          "\n"
          "populations:\n"
          "  a:\n"
          "    neuron: lif\n"
          "    size: 2\n"
          "    params:\n"
          "      vth: 3\n"
          "      bias: {file: \"net.npz\", array: b}\n"
          "\n"
          "projections:\n"
          "  # all\n"
          "  - from: a\n"
          "    weights: {file: \"net.npz\", array: w}\n");
    write_network(network, folder / "net.yaml");
    const auto whole = compiler::frontend::read_npz(folder / "net.npz", "b");
    CHECK(whole.is_integer());
    CHECK(whole.number(1) == 2);
    const auto fractions = compiler::frontend::read_npz(folder / "net.npz", "w");
    CHECK(fractions.shape() == std::vector<std::uint64_t>{2, 2});
    CHECK(fractions.number(0) == 0.5);
}

TEST_CASE("a network without arrays has no file beside it", "[network_text]") {
    const test::TemporaryFolder folder;
    write_network(NetworkText{"n", "net.npz", {}}, folder / "net.yaml");
    CHECK(std::filesystem::exists(folder / "net.yaml"));
    CHECK_FALSE(std::filesystem::exists(folder / "net.npz"));
}

TEST_CASE("names of files cannot break out of their place in the text", "[network_text]") {
    NetworkText network{"n", "a\"b\\c\n.npz", {"From a\nnetwork: other"}};
    CHECK(network.yaml() == "# From a?network: other\nnetwork: n\n");
    CHECK(network.keep({"w", {1}, {1}}) == R"({file: "a\"b\\c\x0a.npz", array: w})");
}

TEST_CASE("names become such as a network file takes, each once", "[network_text]") {
    Names names;
    CHECK(names.unique("layer 1/out") == "layer_1_out");
    CHECK(names.unique("layer-1-out") == "layer_1_out_2");
    CHECK(names.unique("1st") == "n1st");
    CHECK(names.unique("") == "n");
}
