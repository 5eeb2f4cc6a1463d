#include "tools/explore/strategy/variation.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace seamount::explore {
namespace {

constexpr double kIndex = 10;  ///< of distributions: wider than Deb's 20, for few evaluations
// The next two: chosen by trials on configs/sweeps, not swept.
constexpr double kFar = 0.2;  ///< share of moves to any level, which leave a neighbourhood
constexpr double kOn = 0.35;  ///< probability that a step goes one level further

double below_one(double unit) {
    return std::clamp(unit, 0.0, std::nextafter(1.0, 0.0));
}

}  // namespace

Place Variation::crossed(const Place& a, const Place& b) {
    Place child = a;
    for (std::size_t d = 0; d < a.size(); ++d) {
        if (random_.unit() < 0.5) continue;
        if (!space_.parameters[d].domain.is_interval()) {
            child[d] = b[d];
            continue;
        }
        const double u = random_.unit();
        const double spread = u <= 0.5 ? std::pow(2.0 * u, 1.0 / (kIndex + 1.0))
                                       : std::pow(0.5 / (1.0 - u), 1.0 / (kIndex + 1.0));
        child[d] = below_one(0.5 * (a[d] + b[d]) + 0.5 * spread * (b[d] - a[d]));
    }
    return child;
}

void Variation::mutate(Place& place, double probability) {
    bool moved = false;
    for (std::size_t d = 0; d < place.size(); ++d) {
        if (random_.unit() >= probability) continue;
        move(place[d], space_.parameters[d].domain);
        moved = true;
    }
    if (moved || place.empty()) return;
    const std::size_t d = random_.below(place.size());
    move(place[d], space_.parameters[d].domain);
}

void Variation::move(double& unit, const Domain& domain) {
    if (domain.is_interval()) {
        const double u = random_.unit();
        const double power = 1.0 / (kIndex + 1.0);
        const double delta =
            u < 0.5 ? std::pow(2.0 * u, power) - 1.0 : 1.0 - std::pow(2.0 * (1.0 - u), power);
        unit = below_one(unit + delta);
    } else if (!domain.is_ordered() || random_.unit() < kFar) {
        unit = random_.unit();
    } else {
        unit = stepped(unit, domain);
    }
}

double Variation::stepped(double unit, const Domain& domain) {
    double steps = 1.0;
    while (random_.unit() < kOn) ++steps;
    const double width = 1.0 / static_cast<double>(domain.levels.size());
    const double delta = random_.unit() < 0.5 ? -steps * width : steps * width;
    const bool inside = unit + delta >= 0.0 && unit + delta < 1.0;
    return below_one(inside ? unit + delta : unit - delta);
}

Place Variation::centred(Place place) const {
    for (std::size_t d = 0; d < place.size(); ++d) {
        const Domain& domain = space_.parameters[d].domain;
        if (domain.is_interval()) continue;
        const auto count = static_cast<double>(domain.levels.size());
        place[d] = (std::floor(place[d] * count) + 0.5) / count;
    }
    return place;
}

std::vector<Place> Variation::corners(std::size_t most) {
    const std::size_t dimensions = space_.parameters.size();
    constexpr std::size_t kMostBits = 20;
    std::vector<std::size_t> numbers(std::size_t{1} << std::min(dimensions, kMostBits));
    std::iota(numbers.begin(), numbers.end(), std::size_t{0});
    for (std::size_t i = numbers.size() - 1; i > 0; --i) {
        std::swap(numbers[i], numbers[random_.below(i + 1)]);
    }
    std::vector<Place> places;
    for (std::size_t i = 0; i < std::min(most, numbers.size()); ++i) {
        Place place(dimensions);
        for (std::size_t d = 0; d < dimensions; ++d) {
            const bool last = (numbers[i] >> (d % kMostBits) & 1U) != 0;
            place[d] = last ? below_one(1.0) : 0.0;
        }
        places.push_back(std::move(place));
    }
    return places;
}

}  // namespace seamount::explore
