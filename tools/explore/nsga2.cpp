#include "tools/explore/nsga2.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

namespace seamount::explore {
namespace {

constexpr std::uint32_t kStream = 10;
constexpr double kCrossover = 0.9;      ///< probability, Deb et al. section V
constexpr double kCrossoverIndex = 10;  ///< wider than Deb's 20: few evaluations
constexpr double kMutationIndex = 10;
constexpr int kTries = 200;  ///< to find a place that is allowed and new

double below_one(double unit) {
    return std::clamp(unit, 0.0, std::nextafter(1.0, 0.0));
}

}  // namespace

std::vector<double> crowding_of(const std::vector<Costs>& front) {
    std::vector<double> distance(front.size(), 0.0);
    std::vector<std::size_t> order(front.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    const std::size_t objectives = front.empty() ? 0 : front[0].size();
    for (std::size_t m = 0; m < objectives; ++m) {
        std::stable_sort(order.begin(), order.end(),
                         [&](std::size_t a, std::size_t b) { return front[a][m] < front[b][m]; });
        const double range = front[order.back()][m] - front[order.front()][m];
        distance[order.front()] = distance[order.back()] = std::numeric_limits<double>::infinity();
        for (std::size_t i = 1; i + 1 < order.size() && range > 0.0; ++i) {
            distance[order[i]] += (front[order[i + 1]][m] - front[order[i - 1]][m]) / range;
        }
    }
    return distance;
}

Nsga2::Nsga2(const Sweep& sweep) : sweep_{sweep}, random_{sweep.strategy.seed, kStream} {}

std::size_t Nsga2::size() const {
    return std::size_t{sweep_.strategy.population} * sweep_.strategy.generations;
}

bool Nsga2::finished() const {
    return untold_ == 0 && (exhausted_ || generations_ == sweep_.strategy.generations);
}

std::vector<Assignment> Nsga2::ask(std::size_t /*room*/) {
    if (untold_ != 0 || finished()) return {};
    const std::vector<Place> candidates = generations_ == 0 ? first_generation() : children();
    ++generations_;
    first_number_ += generation_.size();
    generation_.clear();
    std::vector<Assignment> asked;
    for (const Place& place : candidates) {
        Place tried = place;
        auto point = fresh(tried);
        for (int i = 0; !point && i < kTries; ++i) {
            tried = place;
            // The longer it takes, the further away it looks.
            mutate(tried, std::min(1.0, 0.3 + static_cast<double>(i) / kTries));
            point = fresh(tried);
        }
        if (!point) continue;
        generation_.push_back({std::move(tried), {}, 0, 0.0});
        asked.push_back(std::move(*point));
    }
    untold_ = asked.size();
    exhausted_ = asked.empty();
    return asked;
}

void Nsga2::tell(const Told& told) {
    generation_.at(told.number - first_number_).costs = told.costs;
    if (--untold_ == 0) select();
}

std::optional<Assignment> Nsga2::fresh(const Place& place) {
    auto point = sweep_.space.at(place);
    if (!point || !seen_.insert(to_string(*point)).second) return std::nullopt;
    return point;
}

std::vector<Place> Nsga2::first_generation() {
    return latin_hypercube(sweep_.space.parameters.size(), sweep_.strategy.population,
                           sweep_.strategy.seed);
}

void Nsga2::select() {
    std::vector<Individual> all = std::move(parents_);
    std::move(generation_.begin(), generation_.end(), std::back_inserter(all));
    first_number_ += generation_.size();
    generation_.clear();
    std::stable_partition(all.begin(), all.end(),
                          [](const Individual& i) { return !i.costs.empty(); });
    std::vector<Costs> costs;
    for (const Individual& i : all) {
        if (!i.costs.empty()) costs.push_back(i.costs);
    }
    const std::vector<std::size_t> fronts = fronts_of(costs);
    const std::size_t last = fronts.empty() ? 0 : *std::max_element(fronts.begin(), fronts.end());
    for (std::size_t i = 0; i < all.size(); ++i) {
        all[i].front = i < fronts.size() ? fronts[i] : last + 1;
        all[i].crowding = 0.0;
    }
    for (std::size_t front = 0; front <= last; ++front) {
        std::vector<std::size_t> members;
        std::vector<Costs> values;
        for (std::size_t i = 0; i < fronts.size(); ++i) {
            if (fronts[i] != front) continue;
            members.push_back(i);
            values.push_back(costs[i]);
        }
        const std::vector<double> crowding = crowding_of(values);
        for (std::size_t i = 0; i < members.size(); ++i) all[members[i]].crowding = crowding[i];
    }
    std::stable_sort(all.begin(), all.end(), [](const Individual& a, const Individual& b) {
        return a.front != b.front ? a.front < b.front : a.crowding > b.crowding;
    });
    if (all.size() > sweep_.strategy.population) {
        all.erase(all.begin() + sweep_.strategy.population, all.end());
    }
    parents_ = std::move(all);
}

const Nsga2::Individual& Nsga2::tournament() {
    const Individual& a = parents_[random_.below(parents_.size())];
    const Individual& b = parents_[random_.below(parents_.size())];
    if (a.front != b.front) return a.front < b.front ? a : b;
    return a.crowding >= b.crowding ? a : b;
}

std::vector<Place> Nsga2::children() {
    std::vector<Place> places;
    while (places.size() < sweep_.strategy.population) {
        auto [first, second] = crossed(tournament().place, tournament().place);
        const double probability =
            1.0 / static_cast<double>(std::max<std::size_t>(1, first.size()));
        mutate(first, probability);
        mutate(second, probability);
        places.push_back(std::move(first));
        if (places.size() < sweep_.strategy.population) places.push_back(std::move(second));
    }
    return places;
}

std::pair<Place, Place> Nsga2::crossed(const Place& a, const Place& b) {
    std::pair<Place, Place> children{a, b};
    if (random_.unit() >= kCrossover) return children;
    for (std::size_t d = 0; d < a.size(); ++d) {
        if (random_.unit() >= 0.5) continue;
        double& first = children.first[d];
        double& second = children.second[d];
        const Domain& domain = sweep_.space.parameters[d].domain;
        if (!domain.is_interval() && !domain.is_ordered()) {
            std::swap(first, second);
            continue;
        }
        const double u = random_.unit();
        const double spread = u <= 0.5 ? std::pow(2.0 * u, 1.0 / (kCrossoverIndex + 1.0))
                                       : std::pow(0.5 / (1.0 - u), 1.0 / (kCrossoverIndex + 1.0));
        const double mean = 0.5 * (a[d] + b[d]);
        const double half = 0.5 * spread * (a[d] - b[d]);
        first = below_one(mean + half);
        second = below_one(mean - half);
    }
    return children;
}

void Nsga2::mutate(Place& place, double probability) {
    for (std::size_t d = 0; d < place.size(); ++d) {
        if (random_.unit() >= probability) continue;
        const Domain& domain = sweep_.space.parameters[d].domain;
        const double u = random_.unit();
        if (!domain.is_interval() && !domain.is_ordered()) {
            place[d] = u;
            continue;
        }
        const double power = 1.0 / (kMutationIndex + 1.0);
        double delta =
            u < 0.5 ? std::pow(2.0 * u, power) - 1.0 : 1.0 - std::pow(2.0 * (1.0 - u), power);
        if (!domain.is_interval()) {
            // At least one level up or down.
            const double level = 1.0 / static_cast<double>(domain.levels.size());
            if (std::abs(delta) < level) delta = delta < 0.0 ? -level : level;
        }
        place[d] = below_one(place[d] + delta);
    }
}

}  // namespace seamount::explore
