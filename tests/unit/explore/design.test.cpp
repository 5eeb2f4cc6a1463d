#include "tools/explore/strategy/design.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <set>

using namespace seamount::explore;

namespace {

Space two_levels_of(std::size_t dimensions, std::size_t levels) {
    Space space;
    for (std::size_t d = 0; d < dimensions; ++d) {
        Parameter parameter;
        parameter.path = "chip.p" + std::to_string(d);
        for (std::size_t i = 0; i < levels; ++i) {
            parameter.domain.levels.emplace_back(static_cast<double>(i));
        }
        space.parameters.push_back(std::move(parameter));
    }
    return space;
}

}  // namespace

TEST_CASE("a grid holds every combination once, the last parameter fastest", "[design]") {
    const Space space = two_levels_of(3, 4);
    const std::vector<Place> places = grid(space);
    REQUIRE(places.size() == 64);
    std::set<std::string> points;
    for (const Place& place : places) points.insert(to_string(*space.at(place)));
    CHECK(points.size() == 64);
    CHECK(to_string(*space.at(places[1])) == "chip.p0=0 chip.p1=0 chip.p2=1");
    CHECK(to_string(*space.at(places[63])) == "chip.p0=3 chip.p1=3 chip.p2=3");
}

TEST_CASE("each slice of each axis of a Latin hypercube holds one place", "[design]") {
    for (const std::size_t points : {1U, 7U, 100U}) {
        const std::vector<Place> places = latin_hypercube(5, points, 3);
        for (std::size_t d = 0; d < 5; ++d) {
            std::set<std::size_t> slices;
            for (const Place& place : places) {
                slices.insert(static_cast<std::size_t>(place[d] * static_cast<double>(points)));
            }
            CHECK(slices.size() == points);
            CHECK(*slices.rbegin() == points - 1);
        }
    }
    CHECK(latin_hypercube(5, 20, 3) == latin_hypercube(5, 20, 3));
    CHECK(latin_hypercube(5, 20, 3) != latin_hypercube(5, 20, 4));
}

TEST_CASE("Sobol's places fill a square more evenly than random ones", "[design]") {
    // Places in each of 16 x 16 cells; 256 unshifted places of the sequence fill each cell once
    // but for the origin, which the sequence leaves out.
    const auto filled = [](const std::vector<Place>& places) {
        std::set<std::pair<int, int>> cells;
        for (const Place& place : places) {
            cells.emplace(static_cast<int>(place[0] * 16), static_cast<int>(place[1] * 16));
        }
        return cells.size();
    };
    CHECK(filled(sobol(2, 255, 0)) == 255);
    CHECK(filled(random_design(2, 255, 1)) < 200);
    for (const Place& place : sobol(8, 300, 5)) {
        for (const double unit : place) CHECK((unit >= 0.0 && unit < 1.0));
    }
}

TEST_CASE("every level of a domain has an equal share, also at the ends of an integer range",
          "[design]") {
    Domain integers;
    integers.low = 1;
    integers.high = 4;
    integers.integer = true;
    std::vector<int> counts(5, 0);
    for (int i = 0; i < 4000; ++i) {
        ++counts[static_cast<std::size_t>(std::get<double>(integers.at(i / 4000.0)))];
    }
    CHECK(counts == std::vector<int>{0, 1000, 1000, 1000, 1000});
    Domain decades;
    decades.low = 1.0;
    decades.high = 1e4;
    decades.scale = Scale::kLogarithmic;
    CHECK(std::get<double>(decades.at(0.0)) == Approx(1.0));
    CHECK(std::get<double>(decades.at(0.999999999)) == Approx(1e4));
}
