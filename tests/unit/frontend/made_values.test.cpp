#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <numeric>
#include <set>

#include "isa/base/random_domain.hpp"
#include "tests/unit/frontend/support.hpp"

using namespace seamount;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace {

using Values = std::vector<std::int64_t>;

std::string population(const std::string& extent, const std::string& vth) {
    return "populations:\n  a: {neuron: lif, " + extent + ", params: {vth: " + vth + "}}\n";
}

Values vth_of(const std::string& yaml) {
    const test::TemporaryFolder folder;
    return test::read(folder, yaml).populations.back().args.at("vth").list;
}

std::string error_of(const std::string& vth) {
    const test::TemporaryFolder folder;
    return test::errors_of(folder, population("size: 4", vth));
}

}  // namespace

TEST_CASE("a formula gives each neuron its parameter, rounded to the nearest", "[made_values]") {
    CHECK(vth_of(population("size: 4", "{formula: \"5 + 2 * i\"}")) == Values{5, 7, 9, 11});
    CHECK(vth_of(population("size: 3", "{formula: \"i + 0.5\"}")) == Values{1, 2, 3});
    CHECK(vth_of(population("size: 3", "{formula: \"10 * n + i\"}")) == Values{30, 31, 32});
    CHECK(vth_of(population("shape: [2, 3]", "{formula: \"100 + 10 * y + 2 * x\"}")) ==
          Values{100, 101, 102, 110, 111, 112});
    CHECK(vth_of(population("size: 3", "{formula: \"100 * pi\"}")) == Values{314});
    CHECK(vth_of(population("size: 4", "{formula: \"5 + floor(i / 2) + mod(i, 2)\"}")) ==
          Values{5, 6, 6, 7});
}

TEST_CASE("uniform parameters are of the stated integers, each equally likely", "[made_values]") {
    const Values drawn = vth_of(population("size: 5000", "{uniform: [100, 104]}"));
    REQUIRE(drawn.size() == 5000);
    for (const std::int64_t value : {100, 101, 102, 103, 104}) {
        CHECK(std::abs(std::count(drawn.begin(), drawn.end(), value) - 1000) < 150);
    }
    CHECK(std::set(drawn.begin(), drawn.end()).size() == 5);
}

TEST_CASE("normal parameters have the stated mean and deviation", "[made_values]") {
    const Values drawn = vth_of(population("size: 5000", "{normal: [500, 50]}"));
    REQUIRE(drawn.size() == 5000);
    double squares = 0.0;
    for (const std::int64_t value : drawn) {
        squares += std::pow(static_cast<double>(value) - 500.0, 2);
    }
    const double mean = std::accumulate(drawn.begin(), drawn.end(), 0.0) / 5000.0;
    CHECK(mean == Approx(500).margin(3));
    CHECK(std::sqrt(squares / 5000.0) == Approx(50).margin(2));
}

TEST_CASE("a drawn parameter depends on seed, population, argument and neuron", "[made_values]") {
    const std::string drawn = "{uniform: [1, 1000]}";
    const Values first = vth_of(population("size: 50", drawn));
    CHECK(first == vth_of(population("size: 50", drawn)));
    CHECK(first != vth_of("seed: 2\n" + population("size: 50", drawn)));
    const Values longer = vth_of(population("size: 60", drawn));
    CHECK(first == Values(longer.begin(), longer.begin() + 50));
    CHECK(first !=
          vth_of("populations:\n  b: {neuron: lif, size: 1, params: {vth: 1}}\n  a: {neuron: "
                 "lif, size: 50, params: {vth: " +
                 drawn + "}}\n"));
    // The value as the manual states it.
    const test::TemporaryFolder folder;
    const auto network = test::read(folder, "seed: 9\n" + population("size: 3", drawn));
    const isa::Program& program = *network.populations[0].program;
    const auto argument = static_cast<std::uint32_t>(program.find_arg("vth") - program.args.data());
    for (std::uint32_t i = 0; i < 3; ++i) {
        const auto words = RandomStream{RandomDomain::kNeurons, 9, 0}.block(i, argument, 0);
        const double part = words[1] * 0x1p-32 + words[0] * 0x1p-64;
        CHECK(network.populations[0].args.at("vth").list[i] ==
              1 + static_cast<std::int64_t>(std::floor(part * 1000)));
    }
}

TEST_CASE("wrong formulas and distributions of parameters are refused", "[made_values]") {
    CHECK_THAT(error_of("{formula: \"i - 2\"}"), StartsWith("net.yaml:2:") &&
                                                     Contains("'vth' of neuron 0 is -2") &&
                                                     Contains("so are 2 of 4 values [NET-VALUE]") &&
                                                     Contains("hint: formula: min(max("));
    CHECK_THAT(error_of("{formula: \"j + 1\"}"),
               Contains("[NET-FORMULA]") && Contains("variables: i n x y pi"));
    CHECK_THAT(error_of("{formula: \"1 / i\"}"), Contains("'vth' of neuron 0 is inf"));
    CHECK_THAT(error_of("{formula: \"1, 2\"}"), Contains("more than one value [NET-FORMULA]"));
    CHECK_THAT(error_of("{uniform: [9, 5]}"),
               Contains("the lowest value 9 is above the highest 5 [NET-VALUE]"));
    CHECK_THAT(error_of("{uniform: [-1, 5]}"), Contains("'lowest' is -1, must be"));
    CHECK_THAT(error_of("{uniform: 5}"), Contains("must be a list [lowest, highest] [YML-TYPE]"));
    CHECK_THAT(error_of("{normal: [5, -1]}"), Contains("'standard deviation' is -1, must be"));
    CHECK_THAT(error_of("{normal: [0, 5]}"), Contains("smaller standard deviation"));
    CHECK_THAT(error_of("{uniform: [1, 2], values: [1, 2, 3, 4]}"),
               Contains("'vth' has both 'values' and 'uniform' [NET-RULE]") &&
                   Contains("give one of values, file, formula, uniform, normal"));
    CHECK_THAT(error_of("{uniform: [1, 2], sd: 3}"), Contains("unknown key 'sd'"));
    CHECK_THAT(error_of("{unifrom: [1, 2]}"),
               Contains("give a number for all, or one of values, file, formula, uniform, normal"));
}
