#include <catch2/catch.hpp>

#include "compiler/frontend/frontend.hpp"
#include "tests/unit/frontend/support.hpp"

using namespace seamount;

namespace {

/// A network of one population of three cells, and the two programs that its compartments may run.
struct Cells {
    Cells() {
        folder.write("leaf.asm",
                     ".arg child 0..2 = 0\n.acc input\n.param child = child\n.state parent\n"
                     "        psh #1, input, parent\n        end\n");
        folder.write("root.asm",
                     ".arg join 0..3 = 0\n.arg children 0..3 = 0\n.arg child 0..2 = 0\n"
                     ".acc input\n.param join = join\n.param children = children\n"
                     ".param child = child\n.state parent\n        end\n");
    }
    [[nodiscard]] std::string yaml(const std::string& compartments) const {
        return "network: n\npopulations:\n  cell:\n    size: 3\n    compartments:\n" + compartments;
    }
    test::TemporaryFolder folder;
};

const std::string kLeaf = "      - {name: tuft, neuron: leaf.asm, parent: soma}\n";
const std::string kRoot = "      - {name: soma, neuron: root.asm, join: max}\n";

}  // namespace

TEST_CASE("compartments become populations that know their tree", "[compartments]") {
    const Cells cells;
    const auto network = test::read(
        cells.folder,
        cells.yaml("      - {name: a, neuron: leaf.asm, parent: trunk}\n"
                   "      - {name: b, neuron: leaf.asm, parent: trunk}\n"
                   "      - {name: trunk, neuron: root.asm, parent: soma, join: min}\n"
                   "      - {name: c, neuron: leaf.asm, parent: soma}\n"
                   "      - {name: soma, neuron: root.asm, join: pass}\n") +
            "projections:\n  - {from: cell.soma, to: cell.a, rule: one_to_one, weights: 1}\n"
            "probes: [{population: cell.trunk, record: [parent]}]\n");
    REQUIRE(network.populations.size() == 5);
    CHECK(network.populations[1].name == "cell.b");
    CHECK(network.populations[1].first_neuron == NeuronId{3});
    CHECK(network.populations[0].parent == 2U);
    CHECK(network.populations[2].parent == 4U);
    CHECK_FALSE(network.populations[4].parent);
    CHECK(network.populations[1].args.at("child").at(0) == 1);
    CHECK(network.populations[3].args.at("child").at(0) == 1);
    CHECK(network.populations[2].args.at("join").at(0) == 2);
    CHECK(network.populations[2].args.at("children").at(0) == 2);
    CHECK(network.populations[4].args.at("join").at(0) == 3);
    CHECK(network.projections[0].to == 0);
}

TEST_CASE("compartments that form no tree are explained", "[compartments]") {
    const Cells cells;
    const auto errors = [&cells](const std::string& compartments) {
        return test::errors_of(cells.folder, cells.yaml(compartments));
    };
    using Catch::Contains;
    CHECK_THAT(errors(kRoot + kLeaf), Contains("compartment 'soma' has no parent") &&
                                          Contains("[NET-COMPARTMENT]") &&
                                          Contains("which does not stand behind it"));
    CHECK_THAT(errors(kLeaf + kLeaf + kRoot), Contains("there is already a compartment 'tuft'"));
    CHECK_THAT(errors("      - {name: tuft, neuron: leaf.asm, parent: axon}\n" + kRoot),
               Contains("has parent 'axon', which does not stand behind it"));
    std::string many;
    for (const char* name : {"a", "b", "c", "d"}) {
        many += std::string{"      - {name: "} + name + ", neuron: leaf.asm, parent: soma}\n";
    }
    CHECK_THAT(errors(many + kRoot), Contains("'soma' has more than 3 children"));
    CHECK_THAT(errors(kRoot), Contains("'soma' has nothing to join"));
    CHECK_THAT(errors(kLeaf + "      - {name: soma, neuron: leaf.asm}\n"),
               Contains("neuron 'leaf' of compartment 'soma' has no argument 'join'"));
    CHECK_THAT(errors("      - {name: tuft, neuron: leaf.asm, parent: soma, params: {child: 1}}\n" +
                      kRoot),
               Contains("argument 'child' follows from the tree"));
}
