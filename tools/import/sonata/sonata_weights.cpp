#include "tools/import/sonata/sonata_weights.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <numeric>
#include <optional>
#include <set>
#include <tuple>

namespace seamount::importer::sonata {
namespace {

constexpr double kLargestThreshold = 16384;  ///< leaves a word of 32 bits two thousand thresholds
constexpr int kHighExponent = 7;             ///< the largest that a synapse can have
constexpr double kLargestStored = 255;       ///< of one sign in 8 bits
constexpr double kLargestSplit = kLargestStored * (1 << kHighExponent) + (1 << kHighExponent) - 1;
constexpr double kWhole = 1e-6;  ///< how near a whole number is one

bool is_whole(double value) {
    return std::abs(value - std::round(value)) <= kWhole * std::max(1.0, std::abs(value));
}

/// How many of the largest common unit there are in 1; nothing if there is no decimal one.
std::optional<double> units_per_one(const std::set<double>& values) {
    constexpr double kMostDigits = 1e9;
    for (double base = 1; base <= kMostDigits; base *= 10) {
        const auto fits = [base](double value) { return is_whole(value * base); };
        if (!std::all_of(values.begin(), values.end(), fits)) continue;
        std::int64_t unit = 0;
        for (const double value : values) unit = std::gcd(unit, std::llround(value * base));
        if (unit != 0) return base / static_cast<double>(unit);
    }
    return std::nullopt;
}

}  // namespace

Scale choose_scale(const std::vector<double>& weights, const std::vector<double>& thresholds) {
    std::set<double> values;
    double most = 0;
    double threshold = 0;
    for (const double weight : weights) {
        if (weight != 0) values.insert(std::abs(weight));
        most = std::max(most, std::abs(weight));
    }
    for (const double one : thresholds) threshold = std::max(threshold, one);
    Scale scale;
    scale.factor = kLargestThreshold / threshold;
    if (most == 0) return scale;
    // The finest at which the weights fit in two parts.
    const double finest = std::min(scale.factor, kLargestSplit / most);
    std::set<double> with_thresholds = values;
    with_thresholds.insert(thresholds.begin(), thresholds.end());
    std::optional<double> units = units_per_one(with_thresholds);
    if (!units || *units > finest) units = units_per_one(values);
    if (units && *units <= finest) {
        // One part, if the whole numbers are small enough: they times a power of two.
        const double times = std::floor(kLargestStored / (most * *units) + kWhole);
        if (times >= 1) {
            const double all = std::min(times, std::floor(finest / *units + kWhole));
            scale.factor = *units * all;
            while (scale.exponent < kHighExponent && scale.factor * 2 <= finest) {
                scale.factor *= 2;
                ++scale.exponent;
            }
            return scale;
        }
        scale.split = true;
        scale.factor = *units * std::floor(finest / *units + kWhole);
        return scale;
    }
    scale.split = true;
    scale.exact = false;
    scale.factor = finest;
    for (const double value : values) {
        const double stored = std::round(value * finest) / finest;
        scale.error = std::max(scale.error, std::abs(stored - value) / value);
    }
    return scale;
}

void merge_equal(std::vector<Connection>& connections) {
    const auto key = [](const Connection& one) {
        return std::tuple{one.source, one.target, one.delay};
    };
    std::stable_sort(connections.begin(), connections.end(),
                     [&](const Connection& a, const Connection& b) { return key(a) < key(b); });
    std::vector<Connection> merged;
    for (const Connection& one : connections) {
        if (!merged.empty() && key(merged.back()) == key(one)) {
            merged.back().weight += one.weight;
        } else {
            merged.push_back(one);
        }
    }
    connections = std::move(merged);
}

std::vector<Part> parts_of(std::vector<Connection> connections, const Scale& scale) {
    // Positive and negative ones apart, so that each has all bits for its size.
    std::vector<Part> parts;
    for (const int sign : {1, -1}) {
        Part low{scale.split ? 0 : scale.exponent, {}};
        Part high{kHighExponent, {}};
        for (const Connection& one : connections) {
            if (one.weight * sign <= 0) continue;
            const std::int64_t units = std::llround(std::abs(one.weight) * scale.factor);
            const std::int64_t kept =
                scale.split ? units % (1 << kHighExponent) : units >> scale.exponent;
            const std::int64_t rest = scale.split ? units >> kHighExponent : 0;
            Connection stored = one;
            stored.weight = static_cast<double>(sign * kept);
            if (kept != 0) low.connections.push_back(stored);
            stored.weight = static_cast<double>(sign * rest);
            if (rest != 0) high.connections.push_back(stored);
        }
        for (Part& part : {std::ref(low), std::ref(high)}) {
            if (!part.connections.empty()) parts.push_back(std::move(part));
        }
    }
    return parts;
}

}  // namespace seamount::importer::sonata
