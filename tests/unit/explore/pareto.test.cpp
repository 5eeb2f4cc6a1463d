#include "tools/explore/strategy/pareto.hpp"

#include <catch2/catch.hpp>

#include "tools/explore/strategy/random.hpp"

using namespace seamount::explore;

TEST_CASE("fronts peel off one after the other", "[pareto]") {
    const std::vector<Costs> points{{1, 5}, {2, 2}, {5, 1}, {3, 3}, {4, 4}, {1, 5}};
    CHECK(fronts_of(points) == std::vector<std::size_t>{0, 0, 0, 1, 2, 0});
    CHECK(fronts_of({}).empty());
    CHECK_FALSE(dominates({1, 2}, {1, 2}));
    CHECK(dominates({1, 2}, {1, 3}));
}

TEST_CASE("the hypervolume of boxes is their union", "[pareto]") {
    CHECK(hypervolume({{1, 2}, {2, 1}}, {3, 3}) == Approx(3.0));
    CHECK(hypervolume({{1, 1, 1}}, {2, 3, 4}) == Approx(6.0));
    CHECK(hypervolume({{0, 0, 2}, {1, 1, 0}}, {2, 2, 3}) == Approx(4.0 + 3.0 - 1.0));
    CHECK(hypervolume({{4, 1}}, {3, 3}) == 0.0);
    CHECK(hypervolume({}, {3, 3}) == 0.0);
}

TEST_CASE("the hypervolume agrees with counting random darts", "[pareto]") {
    Random random{7, 1};
    std::vector<Costs> points(20, Costs(3));
    for (Costs& point : points) {
        for (double& cost : point) cost = random.unit();
    }
    int hits = 0;
    constexpr int kDarts = 40'000;
    for (int i = 0; i < kDarts; ++i) {
        const Costs dart{random.unit(), random.unit(), random.unit()};
        bool hit = false;
        for (const Costs& point : points) hit = hit || dominates(point, dart);
        hits += hit ? 1 : 0;
    }
    CHECK(hypervolume(points, {1, 1, 1}) == Approx(hits / double{kDarts}).margin(0.01));
}
