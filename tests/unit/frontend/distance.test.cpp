#include "compiler/frontend/rows/topology/distance.hpp"

#include <catch2/catch.hpp>

#include <cmath>

#include "compiler/frontend/data/storage.hpp"
#include "tests/unit/frontend/support.hpp"

using namespace seamount;
using namespace seamount::compiler;
using namespace seamount::compiler::frontend;
using Catch::Contains;

namespace {

const FormulaEnds kSheet{{20, 30}, {20, 30}};

std::shared_ptr<const Topology> rule(double radius, const std::function<double(double)>& p,
                                     const FormulaEnds& shapes = kSheet, bool self = true) {
    const auto size = [](const std::vector<std::uint32_t>& shape) {
        std::uint32_t product = 1;
        for (const std::uint32_t extent : shape) product *= extent;
        return product;
    };
    return distance_rule({size(shapes.source_shape), size(shapes.target_shape), self}, shapes,
                         DistanceProfile{radius, p}, {3, 0, Stream::kTargets});
}

double distance(std::uint32_t a, std::uint32_t b) {
    const double dx = (a % 30 - static_cast<double>(b % 30)) / 29;
    const double dy = (a / 30 - static_cast<double>(b / 30)) / 19;
    return std::sqrt(dx * dx + dy * dy);
}

}  // namespace

TEST_CASE("the distance rule with certainty connects exactly the pairs within the radius",
          "[distance]") {
    const auto all = rule(
        0.2, [](double) { return 1.0; }, kSheet, false);
    std::vector<RawSynapse> row(3);
    std::uint64_t synapses = 0;
    for (const std::uint32_t source : {0U, 29U, 300U, 315U, 599U}) {
        all->targets(source, row);
        synapses += row.size();
        std::size_t k = 0;
        for (std::uint32_t target = 0; target < 600; ++target) {
            if (target == source || distance(source, target) > 0.2) continue;
            REQUIRE(k < row.size());
            CHECK(row[k++].target == target);
        }
        CHECK(k == row.size());
    }
    CHECK(synapses > 0);
}

TEST_CASE("a pair is drawn with the profile's probability at its rounded coordinates",
          "[distance]") {
    // p jumps from step to step, and many pairs lie where one ends: the last bit decides there.
    // 16 and 32 intervals have exact coordinates, 19 and 29 have not.
    for (const std::vector<std::uint32_t>& shape :
         {std::vector<std::uint32_t>{17, 33}, {20, 30}, {2, 12, 9}, {40}}) {
        for (const double radius : {0.25, 0.3125, 4.0 / 19.0, 16.0 / 29.0, 1.3}) {
            bool is_odd = false;
            const DistanceProfile profile{radius, [&is_odd](double) {
                                              is_odd = !is_odd;
                                              return is_odd ? 1.0 : 0.25;
                                          }};
            std::uint32_t size = 1;
            for (const std::uint32_t extent : shape) size *= extent;
            const RowRandom random{3, 0, Stream::kTargets};
            const auto drawn = distance_rule({size, size, false}, {shape, shape}, profile, random);
            const std::uint32_t width = shape.back();
            const std::uint32_t height = shape.size() > 1 ? shape[shape.size() - 2] : 1;
            const auto at = [](std::uint32_t index, std::uint32_t extent) {
                return extent > 1 ? static_cast<double>(index) / (extent - 1) : 0.0;
            };
            std::vector<RawSynapse> row;
            for (std::uint32_t source = 0; source < size; ++source) {
                std::vector<std::uint32_t> expected;
                for (std::uint32_t target = 0; target < size; ++target) {
                    const double dx = at(target % width, width) - at(source % width, width);
                    const double dy =
                        at(target / width % height, height) - at(source / width % height, height);
                    const RowRandom::Draw draw = random.draw(source, target / 4);
                    const std::uint64_t pair = target % 4 < 2 ? draw.first : draw.second;
                    const std::uint64_t word = target % 2 == 0 ? pair & 0xFFFFFFFFU : pair >> 32U;
                    const bool hit = word < profile.threshold(std::sqrt(dx * dx + dy * dy));
                    if (hit && target != source) expected.push_back(target);
                }
                drawn->targets(source, row);
                std::vector<std::uint32_t> targets;
                for (const RawSynapse& synapse : row) targets.push_back(synapse.target);
                REQUIRE(targets == expected);
            }
        }
    }
}

TEST_CASE("connections thin out with distance as the formula says", "[distance]") {
    const auto fading = rule(0.5, [](double d) { return 0.9 - 1.6 * d; });
    std::vector<RawSynapse> row;
    double expected[5] = {};
    double seen[5] = {};
    std::uint64_t total = 0;
    for (std::uint32_t source = 0; source < 600; ++source) {
        fading->targets(source, row);
        total += row.size();
        for (const RawSynapse& s : row) {
            seen[static_cast<std::size_t>(distance(source, s.target) * 9.99)] += 1;
        }
        for (std::uint32_t target = 0; target < 600; ++target) {
            const double d = distance(source, target);
            if (d <= 0.5) expected[static_cast<std::size_t>(d * 9.99)] += 0.9 - 1.6 * d;
        }
    }
    for (int k = 0; k < 5; ++k) {
        CHECK(std::fabs(seen[k] - expected[k]) < 4 * std::sqrt(expected[k]));
    }
    CHECK(std::fabs(static_cast<double>(fading->synapses()) - static_cast<double>(total)) <
          0.05 * static_cast<double>(total));
}

TEST_CASE("distances are between places in the unit square, whatever the two shapes are",
          "[distance]") {
    const FormulaEnds shapes{{5}, {2, 3, 9}};
    const auto all = rule(
        0.51, [](double) { return 1.0; }, shapes);
    std::vector<RawSynapse> row;
    all->targets(2, row);  // x = 0.5, y = 0
    std::vector<std::uint32_t> expected;
    for (std::uint32_t target = 0; target < 54; ++target) {
        const double dx = target % 9 / 8.0 - 0.5;
        const double dy = target / 9 % 3 / 2.0;
        if (dx * dx + dy * dy <= 0.51 * 0.51) expected.push_back(target);
    }
    REQUIRE(row.size() == expected.size());
    for (std::size_t k = 0; k < row.size(); ++k) CHECK(row[k].target == expected[k]);
}

TEST_CASE("rule distance is read with a number or a formula of d", "[distance]") {
    const test::TemporaryFolder folder;
    const auto text = [](const std::string& keys) {
        return "populations:\n  a: {neuron: lif, params: {vth: 1}, shape: [6, 6]}\nprojections:\n"
               "  - {from: a, to: a, rule: distance, weights: 1, " +
               keys + "}\n";
    };
    CHECK(test::rows_of(test::read(folder, text("radius: 2, probability: 1, self: false")), 0)[7]
              .size() == 35);
    const auto near =
        test::read(folder, text("radius: 0.3, probability: {formula: \"d < 0.21 ? 1 : 0\"}"));
    CHECK(test::rows_of(near, 0)[7].size() == 5);
    CHECK_THAT(test::errors_of(folder, text("radius: 0.3")), Contains("'probability' is missing"));
    CHECK_THAT(test::errors_of(folder, text("probability: 1")), Contains("'radius' is missing"));
    CHECK_THAT(test::errors_of(folder, text("radius: 0.3, probability: {formula: \"1 - 5 * d\"}")),
               Contains("the probability at distance 0.2") && Contains("must be in [0, 1]"));
    CHECK_THAT(test::errors_of(folder, text("radius: 0.3, probability: {formula: \"x\"}")),
               Contains("NET-FORMULA") && Contains("variables: d pi"));
}

TEST_CASE("rules that would look at too many pairs are refused before they do", "[distance]") {
    const test::TemporaryFolder folder;
    const auto errors = [&folder](const std::string& keys) {
        return test::errors_of(
            folder,
            "populations: {a: {neuron: lif, params: {vth: 1}, shape: [4096, 4095]}}\n"
            "projections:\n  - {from: a, to: a, weights: 1, " +
                keys + "}\n");
    };
    CHECK_THAT(errors("rule: distance, radius: 2, probability: 1.0e-12"),
               Contains("pairs or random numbers, must be in [0, 137438953472] [NET-SIZE]"));
    CHECK_THAT(errors("rule: distance, radius: 0.1, probability: 1.0e-12"), Contains("NET-SIZE"));
    CHECK(errors("rule: distance, radius: 1.0e-4, probability: 0.01") == "");
    CHECK_THAT(errors("rule: fixed_probability, probability: 1.0e-9"),
               Contains("pairs or random numbers, must be in [0, 137438953472] [NET-SIZE]"));
    CHECK(errors("rule: fixed_probability, probability: 0") == "");
}
