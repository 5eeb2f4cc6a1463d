#include "tools/explore/sweep/formula.hpp"

#include <catch2/catch.hpp>
#include <cmath>

using namespace seamount::explore;

namespace {

double value(const std::string& text, const Assignment& known = {}) {
    return Formula{text}.evaluate([&known](const std::string& name) -> const Value* {
        const auto found = known.find(name);
        return found == known.end() ? nullptr : &found->second;
    });
}

}  // namespace

TEST_CASE("a formula computes with dotted names, words and conditions", "[formula]") {
    const Assignment known{{"chip.topology.width", 8.0}, {"run.mesh", std::string{"ideal"}}};
    CHECK(value("chip.topology.width * 2 + 0.5", known) == 16.5);
    CHECK(value("run.mesh == 'ideal' && chip.topology.width > 4", known) == 1.0);
    CHECK(value("run.mesh == 'flit'", known) == 0.0);
    CHECK(value("run.mesh == 'flit' ? 1 : 2", known) == 2.0);
    CHECK(value("log2(chip.topology.width) + floor(2.7) + ceil(0.1)", known) == 6.0);
}

TEST_CASE("a name without a value makes comparisons false", "[formula]") {
    CHECK(value("unset == 1") == 0.0);
    CHECK(value("unset < 1 || unset >= 1") == 0.0);
    CHECK(std::isnan(value("unset + 1")));
}

TEST_CASE("a malformed formula says where", "[formula]") {
    CHECK_THROWS_AS(Formula{""}, FormulaError);
    CHECK_THROWS_WITH(Formula{"a = 3"}, Catch::Contains("'=' assigns"));
    CHECK_THROWS_WITH(Formula{"mesh == 'ideal"}, Catch::Contains("not closed"));
    CHECK_THROWS_AS(Formula{"1 +"}, FormulaError);
    CHECK_THROWS_AS(Formula{"1, 2"}, FormulaError);
    CHECK_THROWS_AS(Formula{std::string(5000, '1')}, FormulaError);
}
