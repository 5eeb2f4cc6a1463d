#include <catch2/catch.hpp>

#include <cmath>

#include "tests/unit/frontend/support.hpp"

using namespace seamount;
using Catch::Matchers::Contains;

namespace {

/// A folder with a neuron program whose threshold and bias count in weights, and one that has none.
struct Folder : test::TemporaryFolder {
    Folder() {
        const std::string head =
            ".arg vth 0..131071\n.arg bias -4096..4095 = 0\n.arg bias_exp 0..7 = 0\n"
            ".arg theta 0..1000 = 100\n";
        const std::string body =
            ".acc input -32768..32767\n.state v\n.state b = bias << bias_exp\n"
            ".state t = vth << 6\n spk #1\n end\n";
        write("soma.asm", head + ".scaled vth = 1\n.scaled bias = 64, bias_exp\n" + body);
        write("picky.asm", head + ".scaled vth = 1\n.scaled theta = 1\n" + body);
        write("plain.asm", head + body);
        write("leaf.asm",
              ".arg child 0..2 = 0\n.acc input\n.state parent\n.state c = child\n end\n");
        write("trunk.asm",
              ".arg join 0..3 = 0\n.arg children 0..3 = 0\n" + head + ".scaled vth = 1\n" + body);
    }
};

/// A network with the projections from an input of 4 sources and from `other`, of 2 neurons.
std::string network(const std::string& target, const std::string& projections) {
    return "inputs:\n  in: {size: 4, rate: 0.5}\npopulations:\n"
           "  other: {neuron: soma.asm, size: 2, params: {vth: 5}}\n  p: " +
           target + "\nprojections:\n" + projections;
}

const std::string kTarget = "{neuron: soma.asm, size: 2, params: {vth: 1.0, bias: -0.05}}";
const std::string kFirst =
    "  - {from: in, to: p, rule: all_to_all, scale: auto, weights: {values: "
    "[[0.1, -0.2, 0.05, 0], [0.01, 0.02, 0.03, -0.04]]}}\n";

double weight(const compiler::Network& network, std::size_t projection, std::size_t source,
              std::size_t target) {
    return test::rows_of(network, projection)[source][target].weight;
}

std::string messages(const Folder& folder, const std::string& yaml) {
    Diagnostics found;
    (void)test::read(folder, yaml, found);
    std::string text;
    for (const Diagnostic& one : found.all()) text += to_string(one) + '\n';
    return text;
}

}  // namespace

TEST_CASE("scale: auto fills the mantissas and takes threshold and bias along", "[auto_scale]") {
    const Folder folder;
    const auto read = test::read(folder, network(kTarget, kFirst));
    REQUIRE(read.scales.size() == 1);
    const compiler::ChosenScale& chosen = read.scales[0];
    CHECK(chosen.population == "p");
    CHECK(chosen.scale == 1270.0);  // 0.2 becomes 254
    CHECK(weight(read, 0, 1, 0) == Approx(-254.0));
    CHECK(weight(read, 0, 0, 0) == Approx(127.0));
    CHECK(read.projections[0].exponent == 0);
    const compiler::Population& p = read.populations[1];
    CHECK(p.args.at("vth").list == std::vector<std::int64_t>{1270});
    // -0.05 * 1270 * 64 = -4064
    CHECK(p.args.at("bias").list == std::vector<std::int64_t>{-4064});
    CHECK(p.args.at("bias_exp").list == std::vector<std::int64_t>{0});
    CHECK(read.populations[0].args.at("vth").list == std::vector<std::int64_t>{5});
}

TEST_CASE("parameters that count in weights are computed and drawn in fractions", "[auto_scale]") {
    const Folder folder;
    const auto vth = [&folder](const std::string& given) {
        const auto read = test::read(
            folder, network("{neuron: soma.asm, size: 2, params: {vth: " + given + "}}", kFirst));
        return read.populations[1].args.at("vth").list;
    };
    CHECK(vth("{formula: \"0.5 + 0.25 * i\"}") == vth("{values: [0.5, 0.75]}"));
    const auto drawn = vth("{uniform: [0.5, 0.75]}");
    REQUIRE(drawn.size() == 2);
    CHECK(drawn[0] != drawn[1]);
    for (const std::int64_t value : drawn) {
        CHECK(value >= 635);  // 0.5 * 1270
        CHECK(value <= 953);
    }
}

TEST_CASE("a bias beyond its mantissa gets an exponent, neuron by neuron", "[auto_scale]") {
    const Folder folder;
    const auto read = test::read(
        folder, network("{neuron: soma.asm, size: 2, params: {vth: {values: [1.0, 0.5]}, bias: "
                        "{values: [0.4, 0.01]}}}",
                        kFirst));
    const compiler::Population& p = read.populations[1];
    CHECK(p.args.at("vth").list == std::vector<std::int64_t>{1270, 635});
    CHECK(p.args.at("bias_exp").list == std::vector<std::int64_t>{3, 0});
    CHECK(p.args.at("bias").list == std::vector<std::int64_t>{4064, 813});
    CHECK(read.scales[0].arguments[0].largest_exponent == 3);
}

TEST_CASE("projections to one population share a scale, larger weights get an exponent",
          "[auto_scale]") {
    const Folder folder;
    const auto read = test::read(
        folder, network(kTarget, kFirst + "  - {from: other, to: p, rule: all_to_all, scale: auto, "
                                          "weights: {values: [[2, 1], [0.5, 0.25]]}}\n"));
    REQUIRE(read.scales.size() == 1);
    CHECK(read.scales[0].scale == 1270.0);
    CHECK(read.projections[0].exponent == 0);
    CHECK(read.projections[1].exponent == 4);  // 2 is 2540 mantissas, of 255 at most
    CHECK(weight(read, 1, 0, 0) * 16 == Approx(2540.0));
    CHECK(weight(read, 1, 1, 1) * 16 == Approx(0.25 * 1270));
    CHECK(read.scales[0].projections[1].exponent == 4);
}

TEST_CASE("an exponent that a projection names bounds the scale", "[auto_scale]") {
    const Folder folder;
    std::string first = kFirst;
    first.replace(first.find("scale: auto"), 11, "scale: auto, exponent: -1");
    const auto read = test::read(folder, network(kTarget, first));
    CHECK(read.projections[0].exponent == -1);
    CHECK(read.scales[0].scale == 635.0);
    CHECK(weight(read, 0, 1, 0) == Approx(-254.0));
}

TEST_CASE("the scale is no larger than thresholds and sums of the program allow", "[auto_scale]") {
    const Folder folder;
    // 131071 / 500 is 262 mantissas for a weight of 1: the largest, 0.2, becomes 52.
    const auto high =
        test::read(folder, network("{neuron: soma.asm, size: 2, params: {vth: 500}}", kFirst));
    CHECK(high.populations[1].args.at("vth").list == std::vector<std::int64_t>{131071});
    CHECK(high.scales[0].scale == Approx(131071.0 / 500));
    // Small weights beside large ones: 30 sums of 1 leave 32767 / 30 for the scale.
    std::string large =
        "  - {from: in, to: p, rule: all_to_all, scale: auto, name: q, weights: 7.5}\n";
    const auto sums = test::read(
        folder,
        network(
            "{neuron: soma.asm, size: 2, params: {vth: {values: [1, 2]}}}",
            "  - {from: other, to: p, rule: all_to_all, scale: auto, weights: 0.001}\n" + large));
    CHECK(sums.scales[0].scale == Approx(32767.0 / 30.002));
    // but never less than what the largest weight needs to use its mantissas
    large.replace(large.find("7.5"), 3, "7.5, bits: 1, exponent: 7");
    const auto floor = test::read(
        folder, network("{neuron: soma.asm, size: 2, params: {vth: {values: [1, 2]}}}", large));
    CHECK(floor.scales[0].scale == Approx(128.0 * 128 / 7.5));
}

TEST_CASE("convolutions and lists of edges have scales too", "[auto_scale]") {
    const Folder folder;
    folder.write("e.npy", test::npy_f8({2, 3}, {0, 1, 0.5, 3, 0, -0.125}));
    const auto edges = test::read(
        folder,
        network(kTarget, "  - {from: in, to: p, rule: list, edges: {file: e.npy}, scale: auto}\n"));
    CHECK(edges.scales[0].scale == 508.0);
    const auto maps = test::read(
        folder,
        "inputs:\n  in: {shape: [3, 3], rate: 0.5}\npopulations:\n"
        "  p: {neuron: soma.asm, shape: [2, 2], params: {vth: 0.75}}\nprojections:\n"
        "  - {from: in, to: p, rule: conv2d, kernel: {values: [[[[0.5, 0.1], [0.2, 0.25]]]]}, "
        "scale: auto}\n");
    CHECK(maps.scales[0].scale == Approx(382.0 / 0.75));  // 382.5, made whole
    CHECK(maps.populations[0].args.at("vth").list == std::vector<std::int64_t>{382});
    CHECK(maps.projections[0].convolution != nullptr);
}

TEST_CASE("what a scale cannot be chosen for is an error with the way out", "[auto_scale]") {
    const Folder folder;
    const auto with = [&](const std::string& target, const std::string& projections) {
        return messages(folder, network(target, projections));
    };
    CHECK_THAT(with("{neuron: plain.asm, size: 2, params: {vth: 1}}", kFirst),
               Contains("does not say which of its arguments count in weights") &&
                   Contains("[NET-SCALE]"));
    CHECK_THAT(with(kTarget, kFirst + "  - {from: other, to: p, rule: all_to_all, weights: 1}\n"),
               Contains("projection 'other->p' has a scale of its own") &&
                   Contains("say scale: auto here too"));
    CHECK_THAT(with("{neuron: soma.asm, size: 2, params: {vth: 1, bias: 1, bias_exp: 2}}", kFirst),
               Contains("'bias_exp' is chosen together with the scale"));
    CHECK_THAT(with("{neuron: picky.asm, size: 2, params: {vth: 1}}", kFirst),
               Contains("'theta' must be given: its default of 100"));
    CHECK_THAT(messages(folder,
                        "inputs:\n  drive: {target: p, bias: 3}\n  in: {size: 4, rate: 1}\n"
                        "populations:\n  p: " +
                            kTarget + "\nprojections:\n" + kFirst),
               Contains("input 'drive' writes to population 'p' in units of the chip"));
    CHECK_THAT(with("{neuron: soma.asm, size: 2, params: {vth: 1, bias: 1.0e-9}}", kFirst),
               Contains("warning: 'bias' of population 'p' became 0"));
    CHECK_THAT(messages(folder,
                        "inputs:\n  in: {size: 4, rate: 1}\npopulations:\n  cell:\n    size: 2\n"
                        "    compartments:\n      - {name: tuft, neuron: leaf.asm, parent: p}\n"
                        "      - {name: p, neuron: trunk.asm, params: {vth: 1}, join: add}\n"
                        "projections:\n  - {from: in, to: cell.p, rule: all_to_all, scale: auto, "
                        "weights: 0.5}\n"),
               Contains("population 'cell.p' is a compartment"));
    std::string wrong = kFirst;
    wrong.replace(wrong.find("auto"), 4, "auot");
    CHECK_THAT(with(kTarget, wrong), Contains("'scale' is auot, must be"));
}

TEST_CASE("a population of which all weights are 0 keeps its numbers to be reported",
          "[auto_scale]") {
    const Folder folder;
    const auto read = test::read(
        folder, network("{neuron: soma.asm, size: 2, params: {vth: 1}}",
                        "  - {from: in, to: p, rule: all_to_all, scale: auto, weights: 0}\n"));
    REQUIRE(read.scales.size() == 1);
    CHECK(std::isfinite(read.scales[0].scale));
    CHECK(read.populations[1].args.at("vth").list.size() == 1);
}
