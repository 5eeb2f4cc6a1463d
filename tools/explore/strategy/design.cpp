#include "tools/explore/strategy/design.hpp"

#include <fmt/core.h>

#include <boost/random/sobol.hpp>
#include <cmath>
#include <numeric>
#include <unordered_set>

#include "tools/explore/strategy/random.hpp"

namespace seamount::explore {
namespace {

enum Stream : std::uint32_t { kPlaces = 1, kSlices = 2, kShift = 3 };

}  // namespace

std::vector<Place> grid(const Space& space) {
    const std::size_t dimensions = space.parameters.size();
    std::vector<std::size_t> index(dimensions, 0);
    std::vector<Place> places;
    for (;;) {
        Place place(dimensions);
        for (std::size_t d = 0; d < dimensions; ++d) {
            place[d] = space.parameters[d].domain.unit_of_level(index[d]);
        }
        places.push_back(std::move(place));
        std::size_t d = dimensions;
        while (d > 0 && ++index[d - 1] == space.parameters[d - 1].domain.levels.size()) {
            index[--d] = 0;
        }
        if (d == 0) return places;
    }
}

std::vector<Place> random_design(std::size_t dimensions, std::size_t points, std::uint64_t seed) {
    Random random{seed, kPlaces};
    std::vector<Place> places(points, Place(dimensions));
    for (Place& place : places) {
        for (double& unit : place) unit = random.unit();
    }
    return places;
}

std::vector<Place> latin_hypercube(std::size_t dimensions, std::size_t points, std::uint64_t seed) {
    Random random{seed, kSlices};
    std::vector<Place> places(points, Place(dimensions));
    std::vector<std::size_t> slice(points);
    for (std::size_t d = 0; d < dimensions; ++d) {
        std::iota(slice.begin(), slice.end(), std::size_t{0});
        for (std::size_t i = points - 1; i > 0; --i) {
            std::swap(slice[i], slice[random.below(i + 1)]);
        }
        for (std::size_t i = 0; i < points; ++i) {
            places[i][d] =
                (static_cast<double>(slice[i]) + random.unit()) / static_cast<double>(points);
        }
    }
    return places;
}

std::vector<Place> sobol(std::size_t dimensions, std::size_t points, std::uint64_t seed) {
    Random random{seed, kShift};
    Place shift(dimensions, 0.0);
    if (seed != 0) {
        for (double& s : shift) s = random.unit();
    }
    boost::random::sobol engine{dimensions};
    std::vector<Place> places(points, Place(dimensions));
    for (Place& place : places) {
        for (std::size_t d = 0; d < dimensions; ++d) {
            const double unit = static_cast<double>(engine() >> 11U) * 0x1p-53 + shift[d];
            place[d] = unit - std::floor(unit);
        }
    }
    return places;
}

std::vector<Place> places_of(const Sweep& sweep) {
    const StrategySpec& strategy = sweep.strategy;
    const std::size_t dimensions = sweep.space.parameters.size();
    if (strategy.name == "grid") return grid(sweep.space);
    if (strategy.name == "random") return random_design(dimensions, strategy.points, strategy.seed);
    if (strategy.name == "lhs") return latin_hypercube(dimensions, strategy.points, strategy.seed);
    return sobol(dimensions, strategy.points, strategy.seed);
}

std::vector<Assignment> points_of(const Sweep& sweep) {
    std::vector<Assignment> points;
    std::unordered_set<std::string> seen;
    try {
        for (const Place& place : places_of(sweep)) {
            auto point = sweep.space.at(place);
            if (point && seen.insert(to_string(*point)).second) points.push_back(std::move(*point));
        }
    } catch (const FormulaError& error) {
        throw InputError{Diagnostic{"EXP-FORMULA",
                                    {sweep.file.string(), 0, 0},
                                    fmt::format("a formula has no value: {}", error.what()),
                                    "",
                                    Severity::kError}};
    }
    if (points.empty()) {
        const SourceLocation where = sweep.space.constraints.empty()
                                         ? SourceLocation{sweep.file.string(), 0, 0}
                                         : sweep.space.constraints.front().where;
        throw InputError{Diagnostic{"EXP-EMPTY", where, "the constraints exclude every point",
                                    "loosen a constraint or give the parameters other values",
                                    Severity::kError}};
    }
    return points;
}

}  // namespace seamount::explore
