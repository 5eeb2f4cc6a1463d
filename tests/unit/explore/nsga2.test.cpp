#include "tools/explore/strategy/nsga2.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <set>

using namespace seamount::explore;

namespace {

/// 20 x 20 x 20 places of ZDT1 (Zitzler, Deb, Thiele 2000): the front has x1 = x2 = 0.
Sweep zdt1(std::uint64_t seed) {
    Sweep sweep;
    for (int d = 0; d < 3; ++d) {
        Parameter parameter;
        parameter.path = "network.x" + std::to_string(d);
        for (int i = 0; i < 20; ++i) parameter.domain.levels.emplace_back(i / 19.0);
        sweep.space.parameters.push_back(std::move(parameter));
    }
    sweep.strategy.kind = StrategyKind::kNsga2;
    sweep.strategy.seed = seed;
    sweep.strategy.population = 40;
    sweep.strategy.generations = 20;
    return sweep;
}

Costs zdt1_costs(const Assignment& point) {
    const auto x = [&](const char* path) { return std::get<double>(point.at(path)); };
    const double g = 1.0 + 4.5 * (x("network.x1") + x("network.x2"));
    return {x("network.x0"), g * (1.0 - std::sqrt(x("network.x0") / g))};
}

/// Runs the search; the order in which results are told must not matter.
std::vector<Costs> search(const Sweep& sweep, bool backwards, std::set<std::string>* asked) {
    Nsga2 strategy{sweep};
    std::vector<Costs> all;
    std::size_t number = 0;
    while (!strategy.finished()) {
        const std::vector<Assignment> points = strategy.ask(8);
        for (std::size_t i = 0; i < points.size(); ++i) {
            const std::size_t k = backwards ? points.size() - 1 - i : i;
            Told told;
            told.number = number + k;
            told.status = Status::kDone;
            told.costs = zdt1_costs(points[k]);
            strategy.tell(told);
        }
        for (const Assignment& point : points) {
            all.push_back(zdt1_costs(point));
            if (asked != nullptr) CHECK(asked->insert(to_string(point)).second);
        }
        number += points.size();
    }
    return all;
}

}  // namespace

TEST_CASE("NSGA-II finds the front of ZDT1 with a tenth of the grid", "[nsga2][study]") {
    const Costs reference{1.1, 10.0};
    const Sweep first = zdt1(1);
    std::vector<Costs> everything;
    for (const Place& place : grid(first.space)) {
        everything.push_back(zdt1_costs(*first.space.at(place)));
    }
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        std::set<std::string> asked;
        const std::vector<Costs> found = search(zdt1(seed), false, &asked);
        CHECK((found.size() > 700 && found.size() <= 800));
        CHECK(hypervolume(found, reference) >= 0.98 * hypervolume(everything, reference));
    }
}

TEST_CASE("the same search follows from the same results in any order", "[nsga2]") {
    const std::vector<Costs> found = search(zdt1(3), false, nullptr);
    CHECK(found == search(zdt1(3), true, nullptr));
    CHECK(found != search(zdt1(4), false, nullptr));
}

TEST_CASE("NSGA-II ends when the space is exhausted and survives points that do not run",
          "[nsga2]") {
    Sweep sweep = zdt1(1);
    sweep.space.parameters.resize(1);
    Nsga2 strategy{sweep};
    std::size_t told = 0;
    while (!strategy.finished()) {
        const std::size_t count = strategy.ask(1).size();
        for (std::size_t i = 0; i < count; ++i)
            strategy.tell({told++, Status::kInfeasible, "", {}, {}});
    }
    CHECK(told == 20);
}

TEST_CASE("the ends of a front are the least crowded", "[nsga2]") {
    const std::vector<double> distance = crowding_of({{0, 4}, {1, 2}, {1.5, 1.5}, {4, 0}});
    CHECK(std::isinf(distance[0]));
    CHECK(std::isinf(distance[3]));
    CHECK(distance[2] > distance[1]);
}
