#include "tools/explore/strategy/design.hpp"

#include <boost/random/sobol.hpp>
#include <cmath>
#include <numeric>

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

std::vector<Place> grid(const Sweep& sweep) {
    return grid(sweep.space);
}

std::vector<Place> random_design(const Sweep& sweep) {
    return random_design(sweep.space.parameters.size(), sweep.strategy.points, sweep.strategy.seed);
}

std::vector<Place> latin_hypercube(const Sweep& sweep) {
    return latin_hypercube(sweep.space.parameters.size(), sweep.strategy.points,
                           sweep.strategy.seed);
}

std::vector<Place> sobol(const Sweep& sweep) {
    return sobol(sweep.space.parameters.size(), sweep.strategy.points, sweep.strategy.seed);
}

}  // namespace seamount::explore
