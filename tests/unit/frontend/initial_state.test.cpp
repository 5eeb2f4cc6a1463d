#include <catch2/catch.hpp>
#include <cmath>
#include <set>

#include "isa/base/random_domain.hpp"
#include "tests/unit/frontend/support.hpp"

using namespace seamount;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace {

using Values = std::vector<std::int32_t>;

std::string population(const std::string& extent, const std::string& initial) {
    return "populations:\n  a: {neuron: lif, " + extent +
           ", params: {vth: 5}, initial: " + initial + "}\n";
}

Values state_of(const std::string& yaml, const std::string& word = "v") {
    const test::TemporaryFolder folder;
    return test::read(folder, yaml).populations.back().initial.at(word).list;
}

std::string error_of(const std::string& initial, const std::string& more = "") {
    const test::TemporaryFolder folder;
    return test::errors_of(folder, population("size: 4", initial) + more);
}

/// The fraction of 1 that the manual states for a neuron.
double drawn(std::uint64_t seed, std::uint32_t neuron, std::uint32_t place, std::uint32_t owner) {
    const auto words = RandomStream{RandomDomain::kNeurons, seed, 0}.block(neuron, place, owner);
    return words[1] * 0x1p-32 + words[0] * 0x1p-64;
}

}  // namespace

TEST_CASE("a state word starts with what the population says", "[initial_state]") {
    CHECK(state_of(population("size: 4", "{v: -70}")) == Values{-70});
    CHECK(state_of(population("size: 4", "{v: {values: [1, -2, 3, -4]}}")) == Values{1, -2, 3, -4});
    CHECK(state_of(population("shape: [2, 3]", "{v: {formula: \"10 * y - 2 * x + i\"}}")) ==
          Values{0, 0, 0, 13, 13, 13});
    CHECK(state_of(population("size: 2", "{one: 7, two: 9}"), "two") == Values{9});
    CHECK(state_of("populations:\n  a:\n    size: 2\n    compartments:\n"
                   "      - {name: s, neuron: lif, params: {vth: 5}, initial: {v: 3}}\n") ==
          Values{3});
}

TEST_CASE("drawn initial states are those of the random domain of neurons", "[initial_state]") {
    const Values uniform =
        state_of("seed: 9\n" + population("size: 50", "{v: {uniform: [-10, 10]}}"));
    for (std::uint32_t i = 0; i < 50; ++i) {  // v is state word 0
        CHECK(uniform[i] == -10 + static_cast<std::int32_t>(drawn(9, i, 0x10000, 0) * 21));
    }
    CHECK(uniform != state_of("seed: 8\n" + population("size: 50", "{v: {uniform: [-10, 10]}}")));
    const Values normal = state_of(population("size: 4000", "{v: {normal: [100, 20]}}"));
    double sum = 0.0;
    double squares = 0.0;
    for (const std::int32_t value : normal) {
        sum += value;
        squares += (value - 100.0) * (value - 100.0);
    }
    CHECK(sum / 4000 == Approx(100).margin(2));
    CHECK(std::sqrt(squares / 4000) == Approx(20).margin(1));
}

TEST_CASE("rates and biases are drawn or computed like parameters", "[initial_state]") {
    const test::TemporaryFolder folder;
    const auto network =
        test::read(folder,
                   "seed: 4\npopulations:\n  a: {neuron: lif, size: 3, params: {vth: 5}}\ninputs:\n"
                   "  first: {size: 4, rate: {formula: \"i / n\"}}\n"
                   "  noise: {size: 20, poisson: {uniform: [0.25, 0.5]}}\n"
                   "  drive: {target: a, bias: {uniform: [-9, 9]}}\n");
    CHECK(network.inputs[0].image.rates[1] == std::uint64_t{1} << 62U);
    CHECK(network.inputs[0].image.rates[2] == std::uint64_t{1} << 63U);
    std::set<std::uint64_t> rates;
    for (std::uint32_t i = 0; i < 20; ++i) {
        const double expected = 0.25 + 0.25 * drawn(4, i, 0, 0x80000001U);
        const auto units = network.inputs[1].image.rates[i];
        CHECK(std::ldexp(static_cast<double>(units), -64) == Approx(expected).epsilon(1e-9));
        rates.insert(units);
    }
    CHECK(rates.size() == 20);
    for (std::uint32_t i = 0; i < 3; ++i) {
        CHECK(network.inputs[2].image.samples[i] ==
              -9 + static_cast<std::int32_t>(drawn(4, i, 0, 0x80000002U) * 19));
    }
}

TEST_CASE("initial states that cannot be are refused with the way", "[initial_state]") {
    CHECK_THAT(
        error_of("{w: 1}"),
        StartsWith("net.yaml:2:") && Contains("neuron 'lif' has no state word 'w' [NET-INITIAL]"));
    CHECK_THAT(error_of("{vth: 1}"), Contains("'vth' is an argument: it belongs to params"));
    CHECK_THAT(error_of("{threshold: 1}"),
               Contains("state word 'threshold' has two initial values: this one, and 'vth', which "
                        "follows from 'vth' of params [NET-INITIAL]") &&
                   Contains("leave one of them out"));
    CHECK_THAT(error_of("{v: 1e10}"), Contains("'v' is 1e10, must be"));
    CHECK_THAT(error_of("{v: {uniform: [3, 2]}}"), Contains("[NET-VALUE]"));
    CHECK_THAT(error_of("{v: {values: [1, 2]}}"), Contains("2 values for 4 neurons"));
    CHECK_THAT(error_of("5"), Contains("'initial' must be a map"));
    CHECK_THAT(error_of("{drive: 5}", "inputs:\n  in: {target: a, bias: 3}\n"),
               Contains("its 'initial' value would never be seen [NET-WRITE]"));
    CHECK_THAT(error_of("{v: 5}",
                        "inputs: {i: {size: 4, rate: 1}}\nprojections:\n  - {from: i, to: a, rule: "
                        "all_to_all, weights: 0.5, scale: auto}\n"),
               Contains("has initial states, which count in units of the chip"));
}
