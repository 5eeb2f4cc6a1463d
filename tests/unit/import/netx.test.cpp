#include "tools/import/netx/netx_import.hpp"

#include <catch2/catch.hpp>

#include "compiler/frontend/frontend.hpp"
#include "compiler/ir/network.hpp"
#include "isa/base/output_file.hpp"
#include "tests/unit/import/netx_file.hpp"

using namespace seamount;
using namespace seamount::importer;
using Catch::Contains;
using test::NetxFile;

namespace {

/// A network with every kind of layer in a chain: maps driven by biases, a convolution, a pool, two
/// dense layers of which one has delays and one is recurrent, and an average.
void fill_chain(NetxFile& file) {
    file.layer(0, "input", {1, 4, 4});
    file.neurons(0, 20);
    file.layer(1, "conv", {2, 2, 3});
    file.integers("/layer/1/kernelSize", {3, 2});
    file.floats("/layer/1/weight", {2, 1, 3, 2, 1}, {2, 4, 6, 8, 10, 12, -2, -4, -6, -8, -10, -12});
    file.floats("/layer/1/bias", {2}, {5, -5});
    file.neurons(1, 30);
    file.layer(2, "pool", {2, 1, 1});
    file.integers("/layer/2/kernelSize", {2});
    file.integers("/layer/2/stride", {2, 2});
    file.floats("/layer/2/weight", {1, 1, 2, 2}, {64, 64, 64, 64});
    file.neurons(2, 40);
    file.layer(3, "flatten", {1, 1, 2});
    file.layer(4, "dense", {3});
    file.floats("/layer/4/weight", {6}, {2, 4, 6, 8, 10, 12});
    file.floats("/layer/4/delay", {3}, {0, 1.9F, 70});
    file.neurons(4, 50);
    file.layer(5, "dense_rec", {2, 1, 1});
    file.floats("/layer/5/weight", {2, 3}, {2, 4, 6, -2, -4, -6});
    file.floats("/layer/5/weight_rec", {2, 2}, {0, 2, 4, 0});
    file.neurons(5, 131072);
    file.layer(6, "average", {1, 1, 1});
}

constexpr const char* kChain = R"(# Imported from a.net (netx) by seamount import.
network: a

populations:
  l0:  # layer 0: current-based leaky integrate and fire
    neuron: lif_reset
    shape: [1, 4, 4]
    params:
      du: 4095
      dv: 1024
      vth: 20
      reset_interval: 8
      reset_offset: 0
      bias: 0
      bias_exp: 6
  l1:  # layer 1: current-based leaky integrate and fire
    neuron: lif_reset
    shape: [2, 2, 3]
    params:
      du: 4095
      dv: 1024
      vth: 30
      reset_interval: 8
      reset_offset: 1
      bias: {file: "net.npz", array: l1_bias}
      bias_exp: 6
  l2:  # layer 2: current-based leaky integrate and fire
    neuron: lif_reset
    shape: [2, 1, 1]
    params:
      du: 4095
      dv: 1024
      vth: 40
      reset_interval: 8
      reset_offset: 2
      bias: 0
      bias_exp: 6
  l4:  # layer 4: current-based leaky integrate and fire
    neuron: lif_reset
    size: 3
    params:
      du: 4095
      dv: 1024
      vth: 50
      reset_interval: 8
      reset_offset: 3
      bias: 0
      bias_exp: 6
  l5:  # layer 5: current-based leaky integrate and fire
    neuron: lif_reset
    shape: [2, 1, 1]
    params:
      du: 4095
      dv: 1024
      vth: 131071
      reset_interval: 8
      reset_offset: 4
      bias: 0
      bias_exp: 6

projections:
  - from: l0
    to: l1
    rule: conv2d
    sign: mixed
    stride: [1, 1]
    padding: [0, 0]
    dilation: [1, 1]
    kernel: {file: "net.npz", array: l1_weight}
  - from: l1
    to: l2
    rule: conv2d
    sign: mixed
    stride: [2, 2]
    padding: [0, 0]
    dilation: [1, 1]
    groups: 2
    kernel: {file: "net.npz", array: l2_weight}
  - from: l2
    to: l4
    rule: all_to_all
    sign: mixed
    delay: {file: "net.npz", array: l4_delay}
    weights: {file: "net.npz", array: l4_weight}
  - from: l4
    to: l5
    rule: all_to_all
    sign: mixed
    weights: {file: "net.npz", array: l5_weight}
  - from: l5
    to: l5
    rule: all_to_all
    sign: mixed
    weights: {file: "net.npz", array: l5_weight_rec}
)";

compiler::Network read_back(const test::TemporaryFolder& folder, const Imported& imported) {
    write_network(imported.network, folder / "net.yaml");
    Diagnostics diagnostics;
    compiler::Network network = compiler::read_network(
        folder / "net.yaml", {}, SEAMOUNT_SOURCE_DIR "/configs/neurons", diagnostics);
    diagnostics.throw_if_errors();
    return network;
}

std::vector<compiler::RawSynapse> row(const compiler::Network& network, std::size_t projection,
                                      std::uint32_t source) {
    std::vector<compiler::RawSynapse> synapses;
    network.projections.at(projection).rows->row(source, synapses);
    return synapses;
}

}  // namespace

TEST_CASE("a chain of layers becomes the network file that one would write", "[netx]") {
    const test::TemporaryFolder folder;
    NetxOptions options;
    options.reset_every = 8;
    options.reset_offset = -1;
    const Imported imported =
        test::import_netx(test::write_netx(folder, "a.net", fill_chain), options);
    CHECK(imported.network.yaml() == kChain);
    CHECK(imported.layers == 7);
    CHECK(imported.neurons == 16 + 12 + 2 + 3 + 2);
    CHECK(imported.weights == 12 + 8 + 6 + 6 + 4);
    REQUIRE(imported.notes.size() == 4);
    CHECK_THAT(imported.notes[0], Contains("layer 0: driven by bias currents, which are 0"));
    CHECK_THAT(imported.notes[1], Contains("layer 4: 1 delays beyond 62 steps become 62"));
    CHECK_THAT(imported.notes[2], Contains("layer 5: threshold 131072") && Contains("131071"));
    CHECK_THAT(imported.notes[3], Contains("layer 6: a readout: the mean over each 2"));
}

TEST_CASE("the frontend reads an imported network: weights, biases and delays in place", "[netx]") {
    const test::TemporaryFolder folder;
    const compiler::Network network =
        read_back(folder, test::import_netx(test::write_netx(folder, "a.net", fill_chain)));
    REQUIRE(network.populations.size() == 5);
    CHECK(network.populations[1].shape == std::vector<std::uint32_t>{2, 2, 3});
    const auto& bias = network.populations[1].args.at("bias");
    CHECK(bias.list == std::vector<std::int64_t>{5, 5, 5, 5, 5, 5, -5, -5, -5, -5, -5, -5});

    // Place (0, 0) of the input meets the first weight of each kernel.
    const auto corner = row(network, 0, 0);
    REQUIRE(corner.size() == 2);
    CHECK(corner[0].target == 0);
    CHECK(corner[0].weight == 2);
    CHECK(corner[1].target == 6);
    CHECK(corner[1].weight == -2);

    // The second map of the pool goes to the second weights of the dense layer; delays are floored
    // and end at 62.
    const auto dense = row(network, 2, 1);
    REQUIRE(dense.size() == 3);
    CHECK(std::vector<double>{dense[0].weight, dense[1].weight, dense[2].weight} ==
          std::vector<double>{4, 8, 12});
    CHECK(std::vector<std::uint32_t>{dense[0].delay, dense[1].delay, dense[2].delay} ==
          std::vector<std::uint32_t>{0, 1, 62});
}

TEST_CASE("an input without neurons is one that spikes are bound to", "[netx]") {
    const test::TemporaryFolder folder;
    const Imported imported =
        test::import_netx(test::write_netx(folder, "a.net", test::fill_small));
    CHECK(imported.notes.empty());
    const compiler::Network network = read_back(folder, imported);
    REQUIRE(network.inputs.size() == 1);
    CHECK(network.inputs[0].image.size == 2);
    REQUIRE(network.projections.size() == 1);
    CHECK(network.projections[0].from.is_input);
    CHECK(row(network, 0, 1).at(0).weight == -6);
}

TEST_CASE("the older dialect names recurrent layers and weights differently", "[netx]") {
    const test::TemporaryFolder folder;
    const auto fill = [](NetxFile& file) {
        test::fill_small(file);
        file.layer(2, "recurrent", {1, 1, 1});
        file.floats("/layer/2/weight", {1, 1}, {8});
        file.floats("/layer/2/recWeight", {1, 1}, {-8});
        file.neurons(2, 10);
    };
    const compiler::Network network =
        read_back(folder, test::import_netx(test::write_netx(folder, "a.net", fill)));
    REQUIRE(network.projections.size() == 3);
    CHECK(row(network, 2, 0).at(0).weight == -8);
}

TEST_CASE("sigma-delta layers send payloads, resonators have two kinds of input", "[netx]") {
    const test::TemporaryFolder folder;
    const auto fill = [](NetxFile& file) {
        file.layer(0, "input", {2});
        file.text("/layer/0/neuron/type", "SDNN");
        file.integers("/layer/0/neuron/vThMant", {0});
        file.layer(1, "dense", {1});
        file.floats("/layer/1/weight", {1, 2}, {4, -6});
        file.text("/layer/1/neuron/type", "SDNN");
        file.text("/layer/1/neuron/activation", "relu");
        file.integers("/layer/1/neuron/vThMant", {3});
    };
    const Imported graded = test::import_netx(test::write_netx(folder, "a.net", fill));
    CHECK_THAT(graded.network.yaml(), Contains("neuron: delta") &&
                                          Contains("neuron: sigma_delta") &&
                                          Contains("graded: true\n    payload_bits: 24"));
    CHECK_NOTHROW(read_back(folder, graded));

    const auto resonate = [](NetxFile& file) {
        file.layer(0, "dense", {1});
        file.floats("/layer/0/weight/real", {1, 2}, {4, -6});
        file.floats("/layer/0/weight/imag", {1, 2}, {2, 8});
        file.text("/layer/0/neuron/type", "RF_PHASE");
        file.integers("/layer/0/neuron/sinDecay", {2103});
        file.integers("/layer/0/neuron/cosDecay", {3273});
        file.integers("/layer/0/neuron/vThMant", {25});
    };
    const Imported resonator = test::import_netx(test::write_netx(folder, "b.net", resonate));
    CHECK_THAT(resonator.network.yaml(), Contains("neuron: rf") && Contains("vth: 1600") &&
                                             Contains("accumulator: a_re") &&
                                             Contains("accumulator: a_im"));
    CHECK_NOTHROW(read_back(folder, resonator));
}

TEST_CASE("what cannot be kept is a note", "[netx]") {
    const test::TemporaryFolder folder;
    const auto fill = [](NetxFile& file) {
        file.layer(0, "dense", {1});
        file.floats("/layer/0/weight", {1, 2}, {3, -6});
        file.neurons(0, 10);
        file.integers("/layer/0/neuron/gradedSpike", {1});
        file.layer(1, "dense", {1});
        file.floats("/layer/1/weight", {1, 1}, {2});
    };
    const Imported imported = test::import_netx(test::write_netx(folder, "a.net", fill));
    REQUIRE(imported.notes.size() == 4);
    CHECK_THAT(imported.notes[0], Contains("layer 0: gradedSpike"));
    CHECK_THAT(imported.notes[1], Contains("layer 0: 1 of 2 weights in 'weight' are odd"));
    CHECK_THAT(imported.notes[2], Contains("layer 1: has no neuron"));
    CHECK_THAT(imported.notes[3], Contains("layer 1: threshold 131072"));
}
