#include "compiler/frontend/rows/topology/topology.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <numeric>

using namespace seamount::compiler;
using namespace seamount::compiler::frontend;

namespace {

RowRandom random_of(std::uint64_t seed = 1, std::uint32_t projection = 0) {
    return {seed, projection, Stream::kTargets};
}

std::vector<std::uint32_t> targets(const Topology& topology, std::uint32_t source) {
    std::vector<RawSynapse> row(3);  // what was in the row before must not matter
    topology.targets(source, row);
    std::vector<std::uint32_t> result;
    for (const RawSynapse& synapse : row) result.push_back(synapse.target);
    return result;
}

}  // namespace

TEST_CASE("all_to_all reaches every target once, or every other without self", "[topology]") {
    const auto all = all_to_all({5, 7, true});
    std::vector<std::uint32_t> expected(7);
    std::iota(expected.begin(), expected.end(), 0U);
    for (std::uint32_t i = 0; i < 5; ++i) CHECK(targets(*all, i) == expected);
    CHECK(all->synapses() == 35);
    const auto others = all_to_all({4, 4, false});
    CHECK(targets(*others, 0) == std::vector<std::uint32_t>{1, 2, 3});
    CHECK(targets(*others, 2) == std::vector<std::uint32_t>{0, 1, 3});
    CHECK(targets(*others, 3) == std::vector<std::uint32_t>{0, 1, 2});
    CHECK(others->synapses() == 12);
}

TEST_CASE("random rows are the same in any order of calls", "[topology]") {
    const Ends ends{60, 60, false};
    const auto topology = GENERATE_COPY(fixed_probability(ends, 0.2, random_of()),
                                        fixed_fan_out(ends, 9, random_of()));
    std::vector<std::vector<std::uint32_t>> forward;
    for (std::uint32_t i = 0; i < 60; ++i) forward.push_back(targets(*topology, i));
    for (std::uint32_t i = 60; i-- > 0;) CHECK(targets(*topology, i) == forward[i]);
    CHECK(forward[0] != forward[1]);
}

TEST_CASE("another seed or another projection gives other rows", "[topology]") {
    const Ends ends{10, 100, true};
    const auto row = targets(*fixed_fan_out(ends, 20, random_of(1, 0)), 3);
    CHECK(row != targets(*fixed_fan_out(ends, 20, random_of(2, 0)), 3));
    CHECK(row != targets(*fixed_fan_out(ends, 20, random_of(1, 1)), 3));
    CHECK(row != targets(*fixed_fan_out(ends, 20, random_of(1 + (std::uint64_t{1} << 32U), 0)), 3));
}

TEST_CASE("fixed_fan_out gives distinct targets of every number", "[topology]") {
    for (const bool self : {true, false}) {
        const Ends ends{40, 40, self};
        for (std::uint32_t fan_out = 1; fan_out <= ends.candidates(); ++fan_out) {
            const auto topology = fixed_fan_out(ends, fan_out, random_of());
            for (const std::uint32_t source : {0U, 17U, 39U}) {
                const auto row = targets(*topology, source);
                REQUIRE(row.size() == fan_out);
                CHECK(std::adjacent_find(row.begin(), row.end(), std::greater_equal<>{}) ==
                      row.end());
                CHECK(row.back() < 40);
                if (!self) CHECK(std::find(row.begin(), row.end(), source) == row.end());
            }
        }
    }
}

TEST_CASE("fixed_fan_out prefers no target", "[topology]") {
    const std::uint32_t sources = 20000;
    const auto topology = fixed_fan_out({sources, 10, true}, 3, random_of());
    std::vector<double> hits(10);
    for (std::uint32_t i = 0; i < sources; ++i) {
        for (const std::uint32_t target : targets(*topology, i)) hits[target] += 1;
    }
    const double p = 0.3;
    const double sigma = std::sqrt(sources * p * (1 - p));
    for (const double count : hits) CHECK(std::fabs(count - sources * p) < 5 * sigma);
}

TEST_CASE("fixed_probability has the mean and the independence that it promises", "[topology]") {
    const double p = GENERATE(0.0007, 0.02, 0.5, 0.97);
    const std::uint32_t sources = 200;
    const std::uint32_t size = 3000;
    const auto topology = fixed_probability({sources, size, true}, p, random_of());
    double total = 0;
    double adjacent = 0;
    for (std::uint32_t i = 0; i < sources; ++i) {
        const auto row = targets(*topology, i);
        total += static_cast<double>(row.size());
        CHECK((row.empty() || row.back() < size));
        for (std::size_t k = 1; k < row.size(); ++k) {
            REQUIRE(row[k] > row[k - 1]);
            adjacent += row[k] == row[k - 1] + 1 ? 1 : 0;
        }
    }
    const double pairs = double{sources} * size;
    CHECK(std::fabs(total - pairs * p) < 5 * std::sqrt(pairs * p * (1 - p)));
    // Neighbours are both connected with probability p^2; their variance is below 3 p^2 per pair.
    CHECK(std::fabs(adjacent - pairs * p * p) < 5 * std::sqrt(3 * pairs * p * p) + 5);
}

TEST_CASE("probabilities of 0 and 1 are exact", "[topology]") {
    const Ends ends{3, 5000, true};
    CHECK(targets(*fixed_probability(ends, 0.0, random_of()), 1).empty());
    CHECK(targets(*fixed_probability(ends, 1.0, random_of()), 1).size() == 5000);
}
