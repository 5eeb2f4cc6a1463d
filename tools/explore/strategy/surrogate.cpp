#include "tools/explore/strategy/surrogate.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace seamount::explore {
namespace {

// Chosen by trials on configs/sweeps, not swept.
constexpr double kRidge = 0.01;  ///< keeps the regression solvable where coordinates move together
constexpr double kFewRun = 0.1;  ///< share of weights that ran, below which none is expected

constexpr std::size_t kMostCrossed = 12;  ///< dimensions whose products are looked at

using Vector = std::vector<double>;

/// 1, the coordinates, their squares and, if they are not too many, their products.
Vector features(const Place& place) {
    Vector row{1.0};
    for (std::size_t i = 0; i < place.size(); ++i) {
        row.push_back(place[i] - 0.5);
        for (std::size_t j = place.size() <= kMostCrossed ? 0 : i; j <= i; ++j) {
            row.push_back((place[i] - 0.5) * (place[j] - 0.5));
        }
    }
    return row;
}

double product(const Vector& a, const Vector& b) {
    return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

/// Solves the normal equations, which the ridge makes positive definite, for all right sides.
std::vector<Vector> solved(std::vector<Vector> matrix, std::vector<Vector> sides) {
    const std::size_t size = matrix.size();
    for (std::size_t k = 0; k < size; ++k) {
        for (std::size_t i = k + 1; i < size; ++i) {
            const double factor = matrix[i][k] / matrix[k][k];
            for (std::size_t j = k; j < size; ++j) matrix[i][j] -= factor * matrix[k][j];
            for (Vector& side : sides) side[i] -= factor * side[k];
        }
    }
    for (Vector& side : sides) {
        for (std::size_t k = size; k-- > 0;) {
            for (std::size_t j = k + 1; j < size; ++j) side[k] -= matrix[k][j] * side[j];
            side[k] /= matrix[k][k];
        }
    }
    return sides;
}

double squared_distance(const Place& a, const Place& b) {
    double sum = 0.0;
    for (std::size_t d = 0; d < a.size(); ++d) sum += (a[d] - b[d]) * (a[d] - b[d]);
    return sum;
}

}  // namespace

Surrogate::Surrogate(std::vector<Place> places, const std::vector<Costs>& costs)
    : places_{std::move(places)}, rest_{costs} {
    for (const Costs& known : costs) {
        logarithmic_.resize(std::max(logarithmic_.size(), known.size()), true);
        for (std::size_t o = 0; o < known.size(); ++o) {
            if (!(known[o] > 0.0)) logarithmic_[o] = false;
        }
    }
    if (logarithmic_.empty()) return;
    const std::size_t size = features(places_.front()).size();
    std::vector<Vector> matrix(size, Vector(size, 0.0));
    std::vector<Vector> sides(logarithmic_.size(), Vector(size, 0.0));
    for (std::size_t i = 0; i < size; ++i) matrix[i][i] = i == 0 ? 1e-9 : kRidge;
    for (std::size_t p = 0; p < places_.size(); ++p) {
        if (rest_[p].empty()) continue;
        const Vector row = features(places_[p]);
        for (std::size_t o = 0; o < sides.size(); ++o) {
            if (logarithmic_[o]) rest_[p][o] = std::log(rest_[p][o]);
            for (std::size_t i = 0; i < size; ++i) sides[o][i] += row[i] * rest_[p][o];
        }
        for (std::size_t i = 0; i < size; ++i) {
            for (std::size_t j = 0; j < size; ++j) matrix[i][j] += row[i] * row[j];
        }
    }
    coefficients_ = solved(std::move(matrix), std::move(sides));
    for (std::size_t p = 0; p < places_.size(); ++p) {
        if (rest_[p].empty()) continue;
        const Vector row = features(places_[p]);
        for (std::size_t o = 0; o < rest_[p].size(); ++o) {
            rest_[p][o] -= product(row, coefficients_[o]);
        }
    }
}

Costs Surrogate::at(const Place& place) const {
    double run = 0.0;
    double all = 0.0;
    Costs expected(coefficients_.size(), 0.0);
    for (std::size_t p = 0; p < places_.size(); ++p) {
        const double distance = squared_distance(place, places_[p]);
        const double weight = 1.0 / (distance * distance + 1e-9);
        all += weight;
        if (rest_[p].empty()) continue;
        run += weight;
        for (std::size_t o = 0; o < expected.size(); ++o) expected[o] += weight * rest_[p][o];
    }
    if (run == 0.0 || run < kFewRun * all) return {};
    const Vector row = features(place);
    for (std::size_t o = 0; o < expected.size(); ++o) {
        expected[o] = expected[o] / run + product(row, coefficients_[o]);
        if (logarithmic_[o]) expected[o] = std::exp(expected[o]);
    }
    return expected;
}

}  // namespace seamount::explore
