#include "tools/explore/strategy/surrogate.hpp"

#include <catch2/catch.hpp>
#include <cmath>

using namespace seamount::explore;

namespace {

/// A product of powers, as of sizes and prices, and something that grows linearly and may be
/// negative.
Costs costs_at(const Place& place) {
    return {std::exp(3.0 * place[0] - 2.0 * place[1]), place[0] - 2.0 * place[1]};
}

}  // namespace

TEST_CASE("a surrogate expects what products and sums say between the points it knows",
          "[surrogate]") {
    const std::vector<Place> places = latin_hypercube(2, 40, 3);
    std::vector<Costs> costs;
    for (const Place& place : places) costs.push_back(costs_at(place));
    const Surrogate surrogate{places, costs};
    for (const Place& place : latin_hypercube(2, 30, 4)) {
        const Costs expected = surrogate.at(place);
        REQUIRE(expected.size() == 2);
        CHECK(expected[0] == Approx(costs_at(place)[0]).epsilon(0.05));
        CHECK(expected[1] == Approx(costs_at(place)[1]).margin(0.02));
    }
    for (std::size_t i = 0; i < places.size(); ++i) {
        CHECK(surrogate.at(places[i])[0] == Approx(costs[i][0]).epsilon(1e-3));
    }
}

TEST_CASE("a surrogate expects nothing where its neighbours did not run", "[surrogate]") {
    const Surrogate surrogate{{{0.1}, {0.2}, {0.8}, {0.9}}, {{}, {}, {1.0}, {2.0}}};
    CHECK(surrogate.at({0.15}).empty());
    CHECK(surrogate.at({0.85}).size() == 1);
    CHECK(Surrogate{{{0.5}}, {{}}}.at({0.4}).empty());
}
