#include "tools/explore/strategy/nsga2.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "tools/explore/strategy/surrogate.hpp"

namespace seamount::explore {
namespace {

// Where no source is named: chosen by trials on configs/sweeps, not swept; how sensitive the fronts
// are is not measured.
constexpr std::uint32_t kStream = 10;
constexpr double kCrossover = 0.9;      ///< probability, Deb et al. section V
constexpr double kNeighbours = 0.5;     ///< share of children that are a step from their parent
constexpr std::size_t kCandidates = 8;  ///< for each child, of which the expectations choose
constexpr std::size_t kUnjudged = 10;   ///< one child in so many is taken whatever is expected
constexpr int kTries = 200;             ///< to find a place that is allowed and new
constexpr std::size_t kMostKnown = 2000;

/// Of objectives whose costs are all positive, so that a front is spread evenly over factors and
/// not over differences: half the area is worth as much at the small end as at the large one.
void take_logarithms(std::vector<Costs>& costs) {
    const std::size_t objectives = costs.empty() ? 0 : costs.front().size();
    for (std::size_t o = 0; o < objectives; ++o) {
        if (!std::all_of(costs.begin(), costs.end(), [o](const Costs& c) { return c[o] > 0.0; })) {
            continue;
        }
        for (Costs& c : costs) c[o] = std::log(c[o]);
    }
}

/// The order of points by front, the least crowded first; empty costs last.
std::vector<std::size_t> ranked(const std::vector<Costs>& all) {
    std::vector<Costs> costs;
    std::vector<std::size_t> which;
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (all[i].empty()) continue;
        costs.push_back(all[i]);
        which.push_back(i);
    }
    take_logarithms(costs);
    const std::vector<std::size_t> fronts = fronts_of(costs);
    std::vector<double> crowding(costs.size());
    const std::size_t last = fronts.empty() ? 0 : *std::max_element(fronts.begin(), fronts.end());
    for (std::size_t front = 0; front <= last; ++front) {
        std::vector<std::size_t> members;
        std::vector<Costs> values;
        for (std::size_t i = 0; i < fronts.size(); ++i) {
            if (fronts[i] != front) continue;
            members.push_back(i);
            values.push_back(costs[i]);
        }
        const std::vector<double> distances = crowding_of(values);
        for (std::size_t i = 0; i < members.size(); ++i) crowding[members[i]] = distances[i];
    }
    std::vector<std::size_t> order(costs.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return fronts[a] != fronts[b] ? fronts[a] < fronts[b] : crowding[a] > crowding[b];
    });
    for (std::size_t& i : order) i = which[i];
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (all[i].empty()) order.push_back(i);
    }
    return order;
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

Nsga2::Nsga2(const Sweep& sweep)
    : sweep_{sweep}, random_{sweep.strategy.seed, kStream}, variation_{sweep.space, random_} {}

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
        seen_.insert(text_of(place));
        generation_.push_back({place, {}});
        asked.push_back(*sweep_.space.at(place));
    }
    untold_ = asked.size();
    exhausted_ = asked.empty();
    return asked;
}

void Nsga2::tell(const Told& told) {
    generation_.at(told.number - first_number_).costs = told.costs;
    if (--untold_ == 0) select();
}

std::string Nsga2::text_of(const Place& place) const {
    const auto point = sweep_.space.at(place);
    return point ? to_string(*point) : std::string{};
}

std::optional<Place> Nsga2::made_fresh(Place place, const std::set<std::string>& also) {
    Place tried = place;
    for (int i = 0; i < kTries; ++i) {
        const std::string text = text_of(tried);
        if (!text.empty() && !seen_.contains(text) && !also.contains(text)) {
            return variation_.centred(std::move(tried));
        }
        tried = place;
        // The longer it takes, the further away it looks.
        variation_.mutate(tried, std::min(1.0, 0.3 + static_cast<double>(i) / kTries));
    }
    return std::nullopt;
}

std::vector<Place> Nsga2::first_generation() {
    const std::size_t count = sweep_.strategy.population;
    std::vector<Place> places = variation_.corners(count * 2 / 3);
    const std::size_t rest = count - places.size();
    for (Place& place :
         latin_hypercube(sweep_.space.parameters.size(), rest, sweep_.strategy.seed)) {
        places.push_back(std::move(place));
    }
    std::vector<Place> chosen;
    std::set<std::string> texts;
    for (Place& place : places) {
        auto fresh = made_fresh(std::move(place), texts);
        if (!fresh) continue;
        texts.insert(text_of(*fresh));
        chosen.push_back(std::move(*fresh));
    }
    return chosen;
}

std::vector<Place> Nsga2::children() {
    std::vector<Place> places;
    std::vector<Costs> costs;
    for (const Individual& individual : known_) {
        places.push_back(individual.place);
        costs.push_back(individual.costs);
    }
    const Surrogate surrogate{std::move(places), costs};
    const std::size_t known = costs.size();
    const std::size_t count = sweep_.strategy.population;
    std::vector<Place> candidates;
    std::set<std::string> texts;
    for (std::size_t i = 0; i < kCandidates * count; ++i) {
        auto fresh = made_fresh(child(), texts);
        if (!fresh) break;
        texts.insert(text_of(*fresh));
        costs.push_back(surrogate.at(*fresh));
        candidates.push_back(std::move(*fresh));
    }
    std::vector<Place> chosen;
    std::vector<bool> taken(candidates.size(), false);
    const std::size_t best = count - count / kUnjudged;
    for (const std::size_t i : ranked(costs)) {
        if (i < known || chosen.size() == best) continue;
        taken[i - known] = true;
        chosen.push_back(candidates[i - known]);
    }
    for (std::size_t i = 0; i < candidates.size() && chosen.size() < count; ++i) {
        if (!taken[i]) chosen.push_back(candidates[i]);
    }
    return chosen;
}

Place Nsga2::child() {
    Place place = tournament().place;
    const double probability = 1.0 / static_cast<double>(std::max<std::size_t>(1, place.size()));
    if (random_.unit() < kNeighbours) {
        variation_.mutate(place, 0.0);
    } else if (random_.unit() < kCrossover) {
        place = variation_.crossed(place, tournament().place);
        if (seen_.contains(text_of(place))) variation_.mutate(place, probability);
    } else {
        variation_.mutate(place, probability);
    }
    return place;
}

void Nsga2::select() {
    known_.insert(known_.end(), generation_.begin(), generation_.end());
    if (known_.size() > kMostKnown) {
        known_.erase(known_.begin(), known_.end() - static_cast<std::ptrdiff_t>(kMostKnown));
    }
    std::vector<Individual> all = std::move(parents_);
    std::move(generation_.begin(), generation_.end(), std::back_inserter(all));
    first_number_ += generation_.size();
    generation_.clear();
    std::vector<Costs> costs;
    for (const Individual& individual : all) costs.push_back(individual.costs);
    parents_.clear();
    for (const std::size_t i : ranked(costs)) {
        if (parents_.size() == sweep_.strategy.population) break;
        parents_.push_back(std::move(all[i]));
    }
}

const Nsga2::Individual& Nsga2::tournament() {
    // Parents stand in the order of their rank.
    const std::uint64_t a = random_.below(parents_.size());
    const std::uint64_t b = random_.below(parents_.size());
    return parents_[std::min(a, b)];
}

std::unique_ptr<Strategy> make_nsga2(const Sweep& sweep) {
    return std::make_unique<Nsga2>(sweep);
}

}  // namespace seamount::explore
