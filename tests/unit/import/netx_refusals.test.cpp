#include <catch2/catch.hpp>

#include "isa/base/diagnostic.hpp"
#include "tests/unit/import/netx_file.hpp"

using namespace seamount;
using namespace seamount::importer;
using Catch::Contains;
using test::netx_errors;
using test::NetxFile;

namespace {

/// The errors of the small network after a change to it.
std::string errors_with(const std::function<void(NetxFile&)>& more,
                        const NetxOptions& options = {}) {
    return netx_errors(
        [&](NetxFile& file) {
            test::fill_small(file);
            more(file);
        },
        options);
}

/// The errors of a first layer of this kind.
std::string errors_of_layer(const std::string& type, const std::vector<std::int64_t>& shape,
                            const std::function<void(NetxFile&)>& more) {
    return netx_errors([&](NetxFile& file) {
        file.layer(0, "input", {1, 4, 4});
        file.layer(1, type, shape);
        file.neurons(1, 10);
        more(file);
    });
}

}  // namespace

TEST_CASE("the small network is right", "[netx_refusals]") {
    CHECK(errors_with([](NetxFile&) {}).empty());
}

TEST_CASE("layers without a counterpart are refused by name", "[netx_refusals]") {
    CHECK_THAT(errors_with([](NetxFile& file) {
                   file.layer(2, "concat", {4});
                   file.integers("/layer/2/layers", {0, 1});
               }),
               Contains("a.net:/layer/2/type: error: 'concat' cannot be imported") &&
                   Contains("(layers 0, 1) [IMP-TYPE]"));
    for (const std::string type : {"convT", "unpool", "residual"}) {
        CHECK_THAT(errors_with([&](NetxFile& file) { file.layer(2, type, {4}); }),
                   Contains("'" + type + "' cannot be imported") && Contains("[IMP-TYPE]"));
    }
    CHECK_THAT(errors_with([](NetxFile& file) { file.layer(2, "densely", {4}); }),
               Contains("unknown type 'densely' [IMP-TYPE]") && Contains("dense_rec"));
    CHECK_THAT(errors_with([](NetxFile& file) { file.group("/layer/2"); }),
               Contains("a.net:/layer/2: error: the layer has no type [IMP-TYPE]"));
    CHECK_THAT(errors_with([](NetxFile& file) {
                   file.layer(2, "average", {1});
                   file.layer(3, "dense", {1});
                   file.floats("/layer/3/weight", {1, 1}, {2});
               }),
               Contains("a layer after an average [IMP-TYPE]"));
}

TEST_CASE("neurons without a program are refused", "[netx_refusals]") {
    CHECK_THAT(errors_with([](NetxFile& file) { file.text("/layer/0/neuron/type", "ADRF_IZ"); }),
               Contains("no program for neurons of type 'ADRF_IZ' [IMP-TYPE]"));
    CHECK_THAT(errors_with([](NetxFile& file) { file.integers("/layer/1/neuron/refDelay", {2}); }),
               Contains("a.net:/layer/1/neuron/refDelay: error: more than one step") &&
                   Contains("[IMP-VALUE]"));
    CHECK_THAT(errors_with([](NetxFile& file) {
                   file.text("/layer/0/neuron/type", "SDNN");
                   file.text("/layer/0/neuron/activation", "tanh");
                   file.integers("/layer/0/neuron/vThMant", {1});
               }),
               Contains("is 'tanh', must be relu [IMP-VALUE]"));
}

TEST_CASE("what is missing is named by its path", "[netx_refusals]") {
    CHECK_THAT(netx_errors([](NetxFile& file) { file.group("/simulation"); }),
               Contains("a.net:/layer: error: no such group") && Contains("[IMP-KEY]"));
    CHECK_THAT(netx_errors([](NetxFile& file) { file.group("/layer"); }),
               Contains("the network has no layers [IMP-VALUE]"));
    CHECK_THAT(errors_with([](NetxFile& file) { file.layer(3, "flatten", {1}); }),
               Contains("layer 2 is missing") && Contains("[IMP-VALUE]"));
    CHECK_THAT(errors_with([](NetxFile& file) { file.group("/layer/last"); }),
               Contains("'last' is no layer number [IMP-VALUE]"));
    // All problems of a file at once.
    const std::string both = errors_with([](NetxFile& file) {
        file.layer(2, "dense", {1});
        file.text("/layer/2/neuron/type", "CUBA");
    });
    CHECK_THAT(both, Contains("a.net:/layer/2/neuron/vThMant: error: no such dataset [IMP-KEY]") &&
                         Contains("a.net:/layer/2/weight: error: no such dataset [IMP-KEY]"));
}

TEST_CASE("weights must fit their field and their layer", "[netx_refusals]") {
    const auto dense = [](const std::vector<float>& weights) {
        return errors_with([&](NetxFile& file) {
            file.layer(2, "dense", {2});
            file.floats("/layer/2/weight", {weights.size()}, weights);
            file.neurons(2, 10);
        });
    };
    CHECK(dense({-256, 254}).empty());
    CHECK_THAT(dense({-258, 2}), Contains("has weights in [-258, 2], must be within [-256, 254]"));
    CHECK_THAT(dense({2, 256}), Contains("[IMP-VALUE]"));
    CHECK_THAT(dense({2.5F, 2}), Contains("element 0 is 2.5, must be an integer"));
    CHECK_THAT(dense({2, 2, 2}), Contains("has 3 weights, must have 2 (targets) x 1 (sources)"));
    CHECK_THAT(errors_with([](NetxFile& file) {
                   file.layer(2, "dense_rec", {2});
                   file.floats("/layer/2/weight", {2, 1}, {2, 2});
                   file.floats("/layer/2/weight_rec", {2}, {2, 2});
                   file.neurons(2, 10);
               }),
               Contains("a.net:/layer/2/weight_rec: error: has 2 weights, must have 2 x 2"));
}

TEST_CASE("complex weights need neurons that resonate", "[netx_refusals]") {
    const auto complex = [](NetxFile& file) {
        file.floats("/layer/1/weight/real", {3, 16}, std::vector<float>(48, 2.0F));
        file.floats("/layer/1/weight/imag", {3, 16}, std::vector<float>(48, 2.0F));
    };
    CHECK_THAT(errors_of_layer("dense", {3}, complex),
               Contains("a.net:/layer/1/weight: error: complex weights of a layer whose neurons do "
                        "not resonate") &&
                   Contains("[IMP-VALUE]"));
}

TEST_CASE("shapes must be those that the geometry gives", "[netx_refusals]") {
    const auto conv = [](const std::vector<std::int64_t>& shape, std::uint64_t weights) {
        return errors_of_layer("conv", shape, [&](NetxFile& file) {
            file.integers("/layer/1/kernelSize", {3, 2});
            file.floats("/layer/1/weight", {weights}, std::vector<float>(weights, 2));
        });
    };
    CHECK(conv({2, 2, 3}, 12).empty());
    CHECK_THAT(conv({2, 3, 2}, 12), Contains("has 3 places along y, the geometry gives 2"));
    CHECK_THAT(conv({2, 2, 2}, 12), Contains("has 2 places along x, the geometry gives 3"));
    CHECK_THAT(conv({2, 2, 3}, 11), Contains("has 11 weights, must have 2 x 1 x 3 x 2"));
    CHECK_THAT(conv({12}, 12), Contains("a window needs feature maps (C, H, W)"));
    CHECK_THAT(conv({0, 2, 3}, 12), Contains("shape: error: has 0, must have integers"));
    CHECK_THAT(conv({4096, 4096, 4096}, 12), Contains("must be (N) or (C, H, W)"));
    CHECK_THAT(errors_of_layer("conv", {2, 4, 4},
                               [](NetxFile& file) {
                                   file.integers("/layer/1/groups", {2});
                                   file.floats("/layer/1/weight", {2}, {2, 2});
                               }),
               Contains("a.net:/layer/1/groups: error: is 2, must divide 1 and 2 maps"));
    CHECK_THAT(errors_of_layer("pool", {2, 4, 4},
                               [](NetxFile& file) { file.floats("/layer/1/weight", {1}, {2}); }),
               Contains("has 2 maps, a pool of 1 must have as many"));
    CHECK_THAT(errors_of_layer("conv", {1, 4, 4},
                               [](NetxFile& file) {
                                   file.floats("/layer/1/weight", {1}, {2});
                                   file.floats("/layer/1/delay", {2}, {1, 2});
                               }),
               Contains("a convolution takes one delay"));
    CHECK_THAT(netx_errors([](NetxFile& file) {
                   file.layer(0, "conv", {1, 4, 4});
                   file.floats("/layer/0/weight", {1}, {2});
               }),
               Contains("the first layer is no input"));
}

TEST_CASE("biases and delays must be as many as there are neurons", "[netx_refusals]") {
    CHECK_THAT(errors_with([](NetxFile& file) {
                   file.floats("/layer/1/bias", {3}, {1, 2, 3});
               }),
               Contains("a.net:/layer/1/bias: error: has 3 values for 1 neurons"));
    CHECK_THAT(
        errors_with([](NetxFile& file) {
            file.floats("/layer/1/delay", {3}, {1, 2, 3});
        }),
        Contains("a.net:/layer/1/delay: error: has 3 values, must have 1, 1 (targets) or 2"));
    CHECK_THAT(errors_with([](NetxFile& file) { file.floats("/layer/1/delay", {1}, {-1}); }),
               Contains("must be in [0, 62] steps"));
}

TEST_CASE("options that the file has no use for are refused", "[netx_refusals]") {
    NetxOptions bias;
    bias.bias = "image.npy";
    CHECK_THAT(errors_with([](NetxFile&) {}, bias),
               Contains("--bias, but no input layer has neurons [IMP-OPTION]"));
    NetxOptions offset;
    offset.reset_offset = 3;
    CHECK_THAT(errors_with([](NetxFile&) {}, offset),
               Contains("--reset-offset without --reset-every [IMP-OPTION]"));
    NetxOptions reset;
    reset.reset_every = 8;
    CHECK_THAT(errors_with(
                   [](NetxFile& file) {
                       file.layer(2, "dense", {1});
                       file.floats("/layer/2/weight", {1}, {2});
                       file.text("/layer/2/neuron/type", "SDNN");
                       file.integers("/layer/2/neuron/vThMant", {1});
                   },
                   reset),
               Contains("no program for sigma-delta neurons with a reset [IMP-OPTION]"));
}
