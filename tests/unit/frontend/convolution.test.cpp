#include <catch2/catch.hpp>

#include <map>
#include <random>

#include "compiler/frontend/frontend.hpp"
#include "tests/unit/frontend/support.hpp"

using namespace seamount;

namespace {

/// What a projection adds from one neuron to another.
using Weights = std::map<std::pair<std::uint32_t, std::uint32_t>, double>;

Weights weights_of(const compiler::Network& network) {
    Weights weights;
    const auto rows = test::rows_of(network, 0);
    for (std::uint32_t source = 0; source < rows.size(); ++source) {
        for (const auto& synapse : rows[source]) {
            REQUIRE(weights.emplace(std::pair{source, synapse.target}, synapse.weight).second);
        }
    }
    return weights;
}

struct Geometry {
    int channels, height, width;
    int outputs, kernel_y, kernel_x;
    int stride, padding, dilation, groups;
    bool flipped, channels_last;

    [[nodiscard]] int extent(int in, int kernel) const {
        return (in + 2 * padding - dilation * (kernel - 1) - 1) / stride + 1;
    }
};

/// As the definition has it: seven loops.
Weights by_definition(const Geometry& g, const std::vector<std::int32_t>& kernel) {
    const int out_y = g.extent(g.height, g.kernel_y);
    const int out_x = g.extent(g.width, g.kernel_x);
    const int per_group = g.channels / g.groups;
    const auto index = [&g](int c, int y, int x, int channels, int height, int width) {
        return static_cast<std::uint32_t>(g.channels_last ? (y * width + x) * channels + c
                                                          : (c * height + y) * width + x);
    };
    Weights weights;
    for (int o = 0; o < g.outputs; ++o) {
        for (int v = 0; v < out_y; ++v) {
            for (int u = 0; u < out_x; ++u) {
                for (int k = 0; k < per_group; ++k) {
                    for (int j = 0; j < g.kernel_y; ++j) {
                        for (int i = 0; i < g.kernel_x; ++i) {
                            const int y = v * g.stride + j * g.dilation - g.padding;
                            const int x = u * g.stride + i * g.dilation - g.padding;
                            if (y < 0 || y >= g.height || x < 0 || x >= g.width) continue;
                            const int c = o / (g.outputs / g.groups) * per_group + k;
                            const int kj = g.flipped ? g.kernel_y - 1 - j : j;
                            const int ki = g.flipped ? g.kernel_x - 1 - i : i;
                            const int at =
                                ((o * per_group + k) * g.kernel_y + kj) * g.kernel_x + ki;
                            weights[{index(c, y, x, g.channels, g.height, g.width),
                                     index(o, v, u, g.outputs, out_y, out_x)}] =
                                kernel[static_cast<std::size_t>(at)];
                        }
                    }
                }
            }
        }
    }
    return weights;
}

std::string shape_text(const Geometry& g, int channels, int height, int width) {
    const auto text = [](int a, int b, int c) {
        return "[" + std::to_string(a) + ", " + std::to_string(b) + ", " + std::to_string(c) + "]";
    };
    return g.channels_last ? text(height, width, channels) : text(channels, height, width);
}

}  // namespace

TEST_CASE("conv2d connects what the definition of both kinds of convolution says",
          "[convolution]") {
    const test::TemporaryFolder folder;
    std::mt19937 random{5};
    const auto pick = [&random](int low, int high) {
        return low + static_cast<int>(random() % static_cast<unsigned>(high - low + 1));
    };
    for (int n = 0; n < 60; ++n) {
        Geometry g{};
        g.groups = pick(1, 3);
        g.channels = g.groups * pick(1, 2);
        g.outputs = g.groups * pick(1, 3);
        g.height = pick(5, 9);
        g.width = pick(5, 9);
        g.kernel_y = pick(1, 3);
        g.kernel_x = pick(1, 3);
        g.stride = pick(1, 3);
        g.padding = pick(0, 2);
        g.dilation = pick(1, 2);
        g.flipped = pick(0, 1) == 1;
        g.channels_last = pick(0, 1) == 1;
        std::vector<std::int32_t> kernel(
            static_cast<std::size_t>(g.outputs * g.channels / g.groups * g.kernel_y * g.kernel_x));
        for (std::int32_t& weight : kernel) weight = pick(-99, 99);
        const auto size = [](int value) { return static_cast<std::size_t>(value); };
        folder.write("k.npy", test::npy_i4({size(g.outputs), size(g.channels / g.groups),
                                            size(g.kernel_y), size(g.kernel_x)},
                                           kernel));
        const std::string yaml =
            "network: n\npopulations:\n  a: {neuron: lif, shape: " +
            shape_text(g, g.channels, g.height, g.width) +
            ", params: {vth: 1}}\n  b: {neuron: lif, shape: " +
            shape_text(g, g.outputs, g.extent(g.height, g.kernel_y),
                       g.extent(g.width, g.kernel_x)) +
            ", params: {vth: 1}}\nprojections:\n  - {from: a, to: b, rule: conv2d, kernel: {file: "
            "k.npy}, stride: " +
            std::to_string(g.stride) + ", padding: " + std::to_string(g.padding) +
            ", dilation: " + std::to_string(g.dilation) + ", groups: " + std::to_string(g.groups) +
            ", mode: " + (g.flipped ? "convolution" : "cross_correlation") +
            ", layout: " + (g.channels_last ? "hwc" : "chw") + "}\n";
        INFO(yaml);
        const auto network = test::read(folder, yaml);
        REQUIRE(network.projections[0].share);
        REQUIRE(weights_of(network) == by_definition(g, kernel));
    }
}

TEST_CASE("stride and padding may differ between the axes, y first", "[convolution]") {
    const test::TemporaryFolder folder;
    const auto network = test::read(folder,
                                    "network: n\n"
                                    "populations:\n"
                                    "  a: {neuron: lif, shape: [4, 6], params: {vth: 1}}\n"
                                    "  b: {neuron: lif, shape: [2, 8], params: {vth: 1}}\n"
                                    "projections:\n"
                                    "  - {from: a, to: b, rule: conv2d, stride: [2, 1], padding: "
                                    "[0, 1], kernel: {values: [[[[3]]]]}, delay: 5, scale: 2}\n");
    const auto rows = test::rows_of(network, 0);
    REQUIRE(rows[12].size() == 1);   // (2, 0)
    CHECK(rows[12][0].target == 9);  // (1, 1)
    CHECK(rows[12][0].weight == 6.0);
    CHECK(rows[12][0].delay == 5);
    CHECK(rows[6].empty());  // between two rows of targets
}

TEST_CASE("sum_pool adds up each channel by itself", "[convolution]") {
    const test::TemporaryFolder folder;
    const auto network =
        test::read(folder,
                   "network: n\n"
                   "populations:\n"
                   "  a: {neuron: lif, shape: [2, 4, 4], params: {vth: 1}}\n"
                   "  b: {neuron: lif, shape: [2, 2, 2], params: {vth: 1}}\n"
                   "projections:\n"
                   "  - {from: a, to: b, rule: sum_pool, kernel: 2, weights: 3}\n");
    const auto weights = weights_of(network);
    CHECK(weights.size() == 32);
    for (std::uint32_t source = 0; source < 32; ++source) {
        const std::uint32_t y = source % 16 / 4;
        const std::uint32_t x = source % 4;
        CHECK(weights.at({source, source / 16 * 4 + y / 2 * 2 + x / 2}) == 3.0);
    }
}

TEST_CASE("a pool whose kernel would fill the memory is refused", "[convolution]") {
    const test::TemporaryFolder folder;
    CHECK_THAT(
        test::errors_of(folder,
                        "network: n\n"
                        "populations:\n"
                        "  a: {neuron: lif, shape: [256, 1, 1], params: {vth: 1}}\n"
                        "  b: {neuron: lif, shape: [256, 2, 2], params: {vth: 1}}\n"
                        "projections:\n"
                        "  - {from: a, to: b, rule: sum_pool, kernel: 4096, padding: 4096}\n"),
        Catch::Contains("256 channels of 4096 x 4096 are 4294967296 weights"));
}

TEST_CASE("inputs may carry payloads, in the network or in a file", "[convolution]") {
    const test::TemporaryFolder folder;
    folder.write("e.csv", "payload,step,index\n-5,3,1\n1,0,0\n");
    const std::string start =
        "network: n\npopulations: {a: {neuron: lif, size: 2, params: {vth: 1}}}\n"
        "inputs: {in: {size: 2, spikes: ";
    for (const std::string spikes : {"[[3, 1, -5], [0, 0]]", "{file: e.csv}"}) {
        const auto network = test::read(folder, start + spikes + "}}\n");
        const isa::InputImage& input = network.inputs[0].image;
        CHECK(input.spike_steps == std::vector<std::uint64_t>{0, 3});
        CHECK(input.spike_payloads == std::vector<std::int32_t>{1, -5});
    }
    CHECK_THAT(test::errors_of(folder, start + "[[0, 1, 2], [0, 1, 3]]}}\n"),
               Catch::Contains("more than once in step 0"));
}

TEST_CASE("a convolution that does not fit its populations says what would", "[convolution]") {
    const test::TemporaryFolder folder;
    const auto errors = [&folder](const std::string& rest) {
        return test::errors_of(folder,
                               "network: n\npopulations:\n"
                               "  a: {neuron: lif, shape: [2, 6, 6], params: {vth: 1}}\n"
                               "  b: {neuron: lif, shape: [3, 4, 4], params: {vth: 1}}\n"
                               "  c: {neuron: lif, size: 9, params: {vth: 1}}\n"
                               "inputs: {in: {shape: [2, 6, 6], rate: 0.5}}\n"
                               "projections:\n  - {from: a, " +
                                   rest + "}\n");
    };
    const std::string kernel = "kernel: {values: [[[[1]], [[1]]], [[[1]], [[1]]], [[[1]], [[1]]]]}";
    using Catch::Contains;
    CHECK_THAT(errors("to: b, rule: conv2d, " + kernel),
               Contains("the target has shape [3, 4, 4], the conv2d gives [3, 6, 6]") &&
                   Contains("NET-KERNEL"));
    CHECK_THAT(errors("to: c, rule: conv2d, " + kernel),
               Contains("needs feature maps at both ends") && Contains("NET-KERNEL"));
    CHECK_THAT(errors("to: b, rule: conv2d, groups: 2, " + kernel),
               Contains("'groups' is 2, must divide the 2 input and 3 output channels"));
    CHECK_THAT(errors("to: b, rule: conv2d, kernel: {values: [[[[1]]]]}"),
               Contains("the kernel has shape (1, 1, 1, 1), must be (3, 2, height, width)"));
    CHECK_THAT(errors("to: b, rule: conv2d, kernel: {values: [1, [2]]}"),
               Contains("differ in length or depth"));
    CHECK_THAT(errors("to: b, rule: conv2d, dilation: 9, kernel: {values: [[[[1, 1]], [[1, 1]]], "
                      "[[[1, 1]], [[1, 1]]], [[[1, 1]], [[1, 1]]]]}"),
               Contains("larger than the padded input"));
    CHECK_THAT(errors("to: b, rule: sum_pool, kernel: 2"), Contains("from 2 to 3 channels"));
    CHECK_THAT(errors("to: b, rule: all_to_all, weights: 1, stride: 2"), Contains("NET-RULE"));
    CHECK_THAT(errors("to: b, rule: conv2d, weights: 1, " + kernel), Contains("NET-RULE"));
    CHECK_THAT(errors("to: b, rule: all_to_all, weights: 1}\n  - {from: in, to: b, rule: "
                      "all_to_all, weights: 1, channel: 2"),
               Contains("the spikes of an input have no channel"));
}
