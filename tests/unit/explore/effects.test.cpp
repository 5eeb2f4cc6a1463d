#include "tools/explore/report/effects.hpp"

#include <catch2/catch.hpp>

#include "tools/explore/report/units.hpp"

using namespace seamount::explore;

namespace {

PointSummary point(double a, double b, double value) {
    PointSummary summary;
    summary.parameters = {{"run.a", a}, {"run.b", b}};
    summary.status = Status::kDone;
    summary.mean = {value};
    summary.deviation = {0.0};
    return summary;
}

std::vector<Effect> effects(const std::vector<PointSummary>& points) {
    std::vector<const PointSummary*> all;
    for (const PointSummary& one : points) all.push_back(&one);
    return effects_of(all, {"run.a", "run.b"}, {"value"});
}

}  // namespace

TEST_CASE("shares of a full grid are those of its analysis of variance", "[effects]") {
    std::vector<PointSummary> grid;
    for (const double a : {0.0, 1.0, 2.0}) {
        for (const double b : {0.0, 1.0, 2.0}) grid.push_back(point(a, b, 3.0 * a + b));
    }
    const std::vector<Effect> found = effects(grid);
    CHECK(found.at(0).share == Approx(0.9).margin(1e-6));
    CHECK(found.at(1).share == Approx(0.1).margin(1e-6));
    CHECK(found.at(0).mean_by_value.at("2") == Approx(7.0));
    CHECK(unexplained(found, "value") == Approx(0.0).margin(1e-6));
}

TEST_CASE("shares of parameters that vary together add up to one at most", "[effects]") {
    std::vector<PointSummary> points;
    for (int i = 0; i < 40; ++i) {
        const double a = i % 7;
        const double b = i % 10 == 0 ? 3.0 : a;  // nearly the same as a
        points.push_back(point(a, b, 2.0 * a + b + 0.1 * (i % 3)));
    }
    const std::vector<Effect> found = effects(points);
    CHECK(found.at(0).share + found.at(1).share <= 1.0 + 1e-9);
    CHECK(found.at(0).share + found.at(1).share > 0.9);
    CHECK(found.at(0).share > found.at(1).share);
}

TEST_CASE("what parameters do only together is left unexplained", "[effects]") {
    std::vector<PointSummary> grid;
    for (const double a : {-1.0, 1.0}) {
        for (const double b : {-1.0, 1.0}) grid.push_back(point(a, b, a * b + 0.5 * a));
    }
    const std::vector<Effect> found = effects(grid);
    CHECK(found.at(0).share == Approx(0.2).margin(1e-6));
    CHECK(unexplained(found, "value") == Approx(0.8).margin(1e-6));
}

TEST_CASE("values so small that their squares are none have shares too", "[effects]") {
    const std::vector<Effect> found = effects(
        {point(0, 0, 1e-310), point(1, 0, 2e-310), point(0, 1, 1e-310), point(1, 1, 2e-310)});
    CHECK(found.at(0).share == Approx(1.0).margin(1e-4));
}

TEST_CASE("objectives have the unit of their formula", "[effects]") {
    CHECK(unit_of("modelled_time_s") == "s");
    CHECK(unit_of("energy_j.total") == "J");
    CHECK(unit_of("energy_j.total * modelled_time_s") == "J·s");
    CHECK(unit_of("energy_j.total / modelled_time_s") == "J/s");
    CHECK(unit_of("energy_j.total / spikes") == "J");
    CHECK(unit_of("used_memory_bits") == "bit");
    CHECK(unit_of("spikes").empty());
    CHECK(unit_of("1e-3 * modelled_time_s").empty());
    CHECK(unit_of("modelled_time_s + 1").empty());
    CHECK(unit_of("chip.mesh.link_occupancy_ns") == "ns");
}
