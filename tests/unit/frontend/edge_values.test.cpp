#include "compiler/frontend/rows/values/edge_values.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <random>

#include "compiler/frontend/rows/topology/edge_list.hpp"
#include "compiler/frontend/rows/values/formula.hpp"

using namespace seamount::compiler;
using namespace seamount::compiler::frontend;
using Catch::Matchers::Contains;

namespace {

std::vector<RawSynapse> full_row(std::uint32_t size) {
    std::vector<RawSynapse> row(size);
    for (std::uint32_t k = 0; k < size; ++k) row[k].target = k;
    return row;
}

std::vector<double> values(const EdgeValues& source, std::uint32_t index,
                           const std::vector<RawSynapse>& row) {
    std::vector<double> out(row.size());
    source.values(index, row, out);
    return out;
}

const RowRandom kRandom{5, 2, Stream::kWeights};

}  // namespace

TEST_CASE("uniform weights are integers of the range, each as likely", "[edge_values]") {
    const auto drawn = values(*uniform_values(-2, 3, kRandom, DrawBy::kTarget), 4, full_row(60000));
    std::vector<double> count(6);
    for (const double value : drawn) {
        REQUIRE((value >= -2 && value <= 3 && std::trunc(value) == value));
        count[static_cast<std::size_t>(value + 2)] += 1;
    }
    for (const double hits : count) CHECK(std::fabs(hits - 10000) < 5 * std::sqrt(60000 / 6.0));
}

TEST_CASE("normal weights are integers with the mean and spread asked for", "[edge_values]") {
    const auto drawn = values(*normal_values(10, 20, kRandom, DrawBy::kTarget), 1, full_row(40000));
    double sum = 0;
    double squares = 0;
    for (const double value : drawn) {
        REQUIRE(std::trunc(value) == value);
        sum += value;
        squares += (value - 10) * (value - 10);
    }
    CHECK(std::fabs(sum / 40000 - 10) < 5 * 20 / 200.0);
    CHECK(std::fabs(squares / 40000 / 400 - 1) < 5 * std::sqrt(2.0 / 40000) + 0.001);
}

TEST_CASE("a drawn weight belongs to its pair, not to its place in the row", "[edge_values]") {
    const auto weights = uniform_values(-1000000, 1000000, kRandom, DrawBy::kTarget);
    const auto row = full_row(50);
    const auto whole = values(*weights, 3, row);
    const auto tail = values(*weights, 3, {row.begin() + 20, row.end()});
    CHECK(std::equal(tail.begin(), tail.end(), whole.begin() + 20));
    CHECK(whole != values(*weights, 4, row));
}

TEST_CASE("formulas know indices, sizes, coordinates and distance", "[edge_values]") {
    const FormulaEnds ends{{2, 3}, {4, 5}};
    const auto row = full_row(20);
    const auto at = [&](const std::string& text, std::uint32_t source, std::size_t target) {
        return values(*formula_values(text, ends, false), source, row)[target];
    };
    CHECK(at("100*i + j", 4, 17) == 417.0);
    CHECK(at("n*1000 + m", 0, 0) == 6020.0);
    CHECK(at("x", 5, 0) == 1.0);   // last column of three
    CHECK(at("x", 1, 0) == 0.5);   // middle column
    CHECK(at("y", 2, 0) == 0.0);   // first row
    CHECK(at("y", 3, 0) == 1.0);   // last row
    CHECK(at("u", 0, 19) == 1.0);  // last column of five
    CHECK(at("v", 0, 5) == Approx(1.0 / 3));
    CHECK(at("d", 0, 19) == Approx(std::sqrt(2.0)));
    CHECK(at("pi", 0, 0) == Approx(3.14159265358979));
    CHECK(at("i == j ? 7 : 0", 2, 2) == 7.0);
    CHECK(at("floor(j / 5)", 0, 17) == 3.0);
    CHECK(at("ceil(j / 5) + floor(-0.5)", 0, 17) == 3.0);
    CHECK(at("mod(j, 5)", 0, 17) == 2.0);
    CHECK(at("mod(j - 7, 5)", 0, 4) == 2.0);  // of -3: as places on a ring count
}

TEST_CASE("bad formulas are refused with the place of the fault", "[edge_values]") {
    const FormulaEnds ends{{4}, {4}};
    const auto make = [&](const char* text) { return formula_values(text, ends, false); };
    CHECK_THROWS_AS(make(""), FormulaError);
    CHECK_THROWS_WITH(make("i + foo"), Contains("at character 5") && Contains("foo"));
    CHECK_THROWS_AS(make("exp(-d"), FormulaError);
    CHECK_THROWS_WITH(make("i = 3"), Contains("at character 3"));
    CHECK_THROWS_AS(make("1, 2"), FormulaError);
    CHECK_THROWS_AS(make(std::string(5000, '(').c_str()), FormulaError);
}

TEST_CASE("a sorted edge list keeps every edge with its value", "[edge_values]") {
    std::mt19937 draw{7};
    const std::uint32_t size = 30;
    std::vector<std::int64_t> source;
    std::vector<std::int64_t> target;
    std::vector<double> weight;
    const double wide = GENERATE(1.0, 0.5, 1.0 / 3);  // stored as int16, float, double
    for (int e = 0; e < 500; ++e) {
        source.push_back(static_cast<std::int64_t>(draw() % size));
        target.push_back(static_cast<std::int64_t>(draw() % size));
        weight.push_back(wide * static_cast<double>(draw() % 2000));
    }
    const auto list = std::make_shared<const EdgeList>(DataArray{source}, DataArray{target},
                                                       Ends{size, size, true});
    const auto column = list->arrange(DataArray{weight});
    for (std::uint32_t i = 0; i < size; ++i) {
        std::vector<RawSynapse> row;
        list->targets(i, row);
        const auto got = values(*column, i, row);
        std::size_t k = 0;
        for (std::size_t e = 0; e < source.size(); ++e) {
            if (source[e] != i) continue;
            REQUIRE(k < row.size());
            CHECK(row[k].target == target[e]);
            CHECK(got[k] == weight[e]);
            ++k;
        }
        CHECK(k == row.size());
    }
}

TEST_CASE("an edge outside its populations is named", "[edge_values]") {
    const auto make = [](std::vector<std::int64_t> source, std::vector<std::int64_t> target) {
        return EdgeList{DataArray{source}, DataArray{target}, {3, 4, true}};
    };
    CHECK_THROWS_WITH(make({0, 1, 3}, {0, 0, 0}),
                      Contains("edge 2: source index 3") && Contains("[0, 2]"));
    CHECK_THROWS_WITH(make({0, 1, 2}, {0, -1, 0}),
                      Contains("edge 1: target index -1") && Contains("[0, 3]"));
    CHECK_NOTHROW(make({2, 2}, {3, 3}));
}
