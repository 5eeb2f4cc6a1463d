#include "tools/explore/report/effects.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

namespace seamount::explore {
namespace {

constexpr std::size_t kMostValues = 12;  ///< of a parameter, before they are binned
constexpr std::size_t kBins = 8;
constexpr int kRounds = 200;  ///< of fitting one parameter after the other
/// Weight of "no effect" in points: decides between parameters that vary together only.
constexpr double kRidge = 1e-6;

/// Values of a parameter, or the middle of their bins if there are many.
std::vector<std::string> groups_of(const std::vector<const PointSummary*>& points,
                                   const std::string& path) {
    std::vector<std::string> texts;
    std::set<std::string> distinct;
    std::vector<double> numbers;
    for (const PointSummary* point : points) {
        const auto found = point->parameters.find(path);
        texts.push_back(found == point->parameters.end() ? "unset" : to_string(found->second));
        distinct.insert(texts.back());
        if (found != point->parameters.end() && std::holds_alternative<double>(found->second)) {
            numbers.push_back(std::get<double>(found->second));
        }
    }
    if (distinct.size() <= kMostValues || numbers.size() != points.size()) return texts;
    std::vector<double> sorted = numbers;
    std::sort(sorted.begin(), sorted.end());
    for (std::size_t i = 0; i < points.size(); ++i) {
        const auto rank = static_cast<std::size_t>(
            std::lower_bound(sorted.begin(), sorted.end(), numbers[i]) - sorted.begin());
        const std::size_t bin = rank * kBins / sorted.size();
        texts[i] = fmt::format("{:.4g}", sorted[(2 * bin + 1) * sorted.size() / (2 * kBins)]);
    }
    return texts;
}

/// Of one parameter: the group that each point is in, and the part of each group in the model.
struct Term {
    std::vector<std::string> names;
    std::vector<std::size_t> group;  ///< by point
    std::vector<double> part;        ///< by group

    [[nodiscard]] double of(std::size_t point) const { return part[group[point]]; }
};

Term term_of(const std::vector<const PointSummary*>& points, const std::string& path) {
    Term term;
    std::map<std::string, std::size_t> numbers;
    for (const std::string& name : groups_of(points, path)) {
        const auto [entry, is_new] = numbers.try_emplace(name, term.names.size());
        if (is_new) term.names.push_back(name);
        term.group.push_back(entry->second);
    }
    term.part.assign(term.names.size(), 0.0);
    return term;
}

/// Gives a term what the others leave over; returns the largest change.
double fit(Term& term, std::vector<double>& rest) {
    struct Sum {
        double value = 0.0;
        double count = 0.0;
    };
    std::vector<Sum> sums(term.part.size());
    for (std::size_t i = 0; i < rest.size(); ++i) {
        rest[i] += term.of(i);
        Sum& sum = sums[term.group[i]];
        sum.value += rest[i];
        sum.count += 1.0;
    }
    double change = 0.0;
    for (std::size_t g = 0; g < sums.size(); ++g) {
        const double part = sums[g].value / (sums[g].count + kRidge);
        change = std::max(change, std::abs(part - term.part[g]));
        term.part[g] = part;
    }
    for (std::size_t i = 0; i < rest.size(); ++i) rest[i] -= term.of(i);
    return change;
}

/// Shares of the variance, of which the negative ones are none and the others give way.
std::vector<double> shares_of(const std::vector<Term>& terms, const std::vector<double>& centred,
                              const std::vector<double>& rest) {
    double total = 0.0;
    double missed = 0.0;
    for (std::size_t i = 0; i < centred.size(); ++i) {
        total += centred[i] * centred[i];
        missed += rest[i] * rest[i];
    }
    std::vector<double> shares(terms.size(), 0.0);
    if (!(total > 0.0)) return shares;
    double sum = 0.0;
    for (std::size_t t = 0; t < terms.size(); ++t) {
        double covariance = 0.0;
        for (std::size_t i = 0; i < centred.size(); ++i) covariance += terms[t].of(i) * centred[i];
        shares[t] = std::max(0.0, covariance / total);
        sum += shares[t];
    }
    const double explained = std::clamp(1.0 - missed / total, 0.0, 1.0);
    for (double& share : shares) share = sum > explained ? share * explained / sum : share;
    return shares;
}

}  // namespace

std::vector<Effect> effects_of(const std::vector<const PointSummary*>& points,
                               const std::vector<std::string>& paths,
                               const std::vector<std::string>& objectives) {
    std::vector<Effect> effects;
    if (points.empty()) return effects;
    std::vector<Term> terms;
    for (const std::string& path : paths) terms.push_back(term_of(points, path));
    for (std::size_t o = 0; o < objectives.size(); ++o) {
        double mean = 0.0;
        for (const PointSummary* point : points) {
            mean += point->mean[o] / static_cast<double>(points.size());
        }
        std::vector<double> centred;
        double largest = 0.0;
        for (const PointSummary* point : points) {
            centred.push_back(point->mean[o] - mean);
            largest = std::max(largest, std::abs(centred.back()));
        }
        // Squares of very small and very large values are no numbers any more.
        const double scale = largest > 0.0 ? largest : 1.0;
        for (double& value : centred) value /= scale;
        std::vector<double> rest = centred;
        for (Term& term : terms) std::fill(term.part.begin(), term.part.end(), 0.0);
        for (int round = 0; round < kRounds; ++round) {
            double change = 0.0;
            for (Term& term : terms) change = std::max(change, fit(term, rest));
            if (change <= 1e-9) break;
        }
        const std::vector<double> shares = shares_of(terms, centred, rest);
        for (std::size_t t = 0; t < terms.size(); ++t) {
            Effect effect{paths[t], objectives[o], {}, shares[t]};
            for (std::size_t g = 0; g < terms[t].names.size(); ++g) {
                effect.mean_by_value[terms[t].names[g]] = mean + scale * terms[t].part[g];
            }
            effects.push_back(std::move(effect));
        }
    }
    return effects;
}

double unexplained(const std::vector<Effect>& effects, const std::string& objective) {
    double left = 1.0;
    bool any = false;
    for (const Effect& effect : effects) {
        if (effect.objective != objective) continue;
        left -= effect.share;
        any = any || effect.share > 0.0;
    }
    return any ? std::max(0.0, left) : 0.0;  // without any the objective did not vary
}

}  // namespace seamount::explore
