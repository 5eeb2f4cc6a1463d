#include "tools/import/nir/fixed/weights.hpp"

#include <algorithm>
#include <cmath>

namespace seamount::importer::nir {
namespace {

constexpr double kLargestUnsigned = 255;  ///< mantissa of weights of one sign

/// The grid on which weights are stored.
struct Grid {
    double step = 2;  ///< between mantissas
    double low = -kLargestMantissa;
    double high = kLargestMantissa;
    const char* sign = "mixed";
    int exponent = 0;

    [[nodiscard]] double mantissa(double x) const {
        const double m = std::nearbyint(std::ldexp(x, -exponent) / step) * step;
        return std::clamp(m, low, high);
    }
};

struct Bounds {
    double low = 0;
    double high = 0;

    void take(double x) {
        low = std::min(low, x);
        high = std::max(high, x);
    }
};

Grid grid_for(const Bounds& bounds, int least_exponent) {
    Grid grid;
    if (bounds.low >= 0)
        grid = {1, 0, kLargestUnsigned, "excitatory", 0};
    else if (bounds.high <= 0)
        grid = {1, -kLargestUnsigned, 0, "inhibitory", 0};
    const double largest = std::max(-bounds.low, bounds.high);
    grid.exponent = least_exponent;
    while (grid.exponent < kLargestExponent &&
           std::nearbyint(std::ldexp(largest, -grid.exponent) / grid.step) * grid.step >
               std::max(-grid.low, grid.high)) {
        ++grid.exponent;
    }
    return grid;
}

double rounded(double x, const Rounding& rounding) {
    return rounding.truncate ? std::trunc(x) : x;
}

/// The two grids of weights times `scale`.
struct Grids {
    Grid coarse;
    Grid rest;
};

Grids grids_for(const LinearMap& map, double scale, const Rounding& rounding) {
    Bounds all;
    visit_weights(map, [&](double w) { all.take(rounded(w * scale, rounding)); });
    Grids grids;
    grids.coarse = grid_for(all, rounding.least_exponent);
    if (!rounding.split) return grids;
    Bounds rest;
    visit_weights(map, [&](double w) {
        const double x = rounded(w * scale, rounding);
        rest.take(x - std::ldexp(grids.coarse.mantissa(x), grids.coarse.exponent));
    });
    grids.rest = grid_for(rest, rounding.least_exponent);
    return grids;
}

/// What is stored for x.
double stored(double x, const Grids& grids, bool split) {
    const double coarse = std::ldexp(grids.coarse.mantissa(x), grids.coarse.exponent);
    if (!split) return coarse;
    return coarse + std::ldexp(grids.rest.mantissa(x - coarse), grids.rest.exponent);
}

/// Weights of each output of a map, in the order in which they are visited.
std::vector<std::size_t> row_sizes(const LinearMap& map) {
    if (std::holds_alternative<Elementwise>(map.form)) return {};
    if (std::holds_alternative<Dense>(map.form))
        return std::vector<std::size_t>(map.outputs, map.inputs);
    if (const auto* const window = std::get_if<Convolved>(&map.form)) {
        const std::uint64_t channels = window->out[0];
        return std::vector<std::size_t>(channels, window->kernel.size() / channels);
    }
    std::vector<std::size_t> sizes;
    const auto& entries = std::get<std::vector<Synapse>>(map.form);
    for (std::size_t i = 0; i < entries.size(); ++i) {
        if (i == 0 || entries[i].target != entries[i - 1].target) sizes.push_back(0);
        ++sizes.back();
    }
    return sizes;
}

/// How much each weight counts, in the order in which they are visited: the rate of its source, or
/// of its channel.
std::vector<double> importance(const LinearMap& map, const std::vector<double>& rates) {
    constexpr double kFloor = 0.02;  // of sources that were silent by chance
    std::vector<double> result(map.weights(), 1.0);
    if (rates.size() != map.inputs) return result;
    std::size_t i = 0;
    if (std::holds_alternative<Dense>(map.form)) {
        for (double& one : result) one = rates[i++ % map.inputs] + kFloor;
    } else if (const auto* const window = std::get_if<Convolved>(&map.form)) {
        const std::uint64_t places = window->in[1] * window->in[2];
        const std::uint64_t taps = window->window.kernel[0] * window->window.kernel[1];
        const std::uint64_t depth = window->in[0] / window->window.groups;
        std::vector<double> channels(window->in[0], kFloor);
        for (double rate : rates) channels[i++ / places] += rate / double(places);
        i = 0;
        for (double& one : result) {
            const std::uint64_t output = i / taps / depth;
            const std::uint64_t group = output / (window->out[0] / window->window.groups);
            one = channels[group * depth + i++ / taps % depth];
        }
    } else if (const auto* const entries = std::get_if<std::vector<Synapse>>(&map.form)) {
        for (double& one : result) one = rates[(*entries)[i++].source] + kFloor;
    }
    return result;
}

/// Rounds some weights of each row the other way, so that its sum, by importance, is right: errors
/// that all point one way would make a neuron faster or slower. `wanted` is what the mantissas
/// stand for.
void keep_sums(const std::vector<std::size_t>& rows, const std::vector<double>& wanted,
               const std::vector<double>& importance, std::pair<Grid, std::vector<double>>& part) {
    constexpr double kWorthIt = 0.1;  // of a step: what is nearly exact stays
    auto& [grid, mantissas] = part;
    const double step = grid.step;
    std::size_t begin = 0;
    for (const std::size_t size : rows) {
        std::vector<std::pair<double, std::size_t>> errors;
        double sum = 0;
        for (std::size_t i = begin; i < begin + size; ++i) {
            const double error = mantissas[i] - std::ldexp(wanted[i], -grid.exponent);
            errors.emplace_back(error, i);
            sum += error * importance[i];
        }
        begin += size;
        const double way = sum > 0 ? -step : step;
        std::sort(errors.begin(), errors.end());
        if (way < 0) std::reverse(errors.begin(), errors.end());
        for (const auto& [error, i] : errors) {
            const bool is_against = error * way < 0 && std::abs(error) > kWorthIt * step;
            if (!is_against || std::abs(error) > step) break;  // exact or clipped ones stay
            const double moved = mantissas[i] + way;
            const double then = sum + way * importance[i];
            if (std::abs(then) >= std::abs(sum) || moved < grid.low || moved > grid.high) continue;
            mantissas[i] = moved;
            sum = then;
        }
    }
}

}  // namespace

void visit_weights(LinearMap& map, const std::function<void(double&)>& visit) {
    if (auto* const each = std::get_if<Elementwise>(&map.form)) {
        for (double& w : each->weight) visit(w);
    } else if (auto* const window = std::get_if<Convolved>(&map.form)) {
        for (double& w : window->kernel) visit(w);
    } else if (auto* const dense = std::get_if<Dense>(&map.form)) {
        for (double& w : dense->weight) visit(w);
    } else {
        for (Synapse& one : std::get<std::vector<Synapse>>(map.form)) visit(one.weight);
    }
}

void visit_weights(const LinearMap& map, const std::function<void(double)>& visit) {
    if (const auto* const each = std::get_if<Elementwise>(&map.form)) {
        for (const double w : each->weight) visit(w);
    } else if (const auto* const window = std::get_if<Convolved>(&map.form)) {
        for (const double w : window->kernel) visit(w);
    } else if (const auto* const dense = std::get_if<Dense>(&map.form)) {
        for (const double w : dense->weight) visit(w);
    } else {
        for (const Synapse& one : std::get<std::vector<Synapse>>(map.form)) visit(one.weight);
    }
}

StoredLink store(const LinearMap& map, double scale, const Rounding& rounding,
                 const std::vector<double>& rates) {
    const Grids grids = grids_for(map, scale, rounding);
    std::vector<double> wanted;
    visit_weights(map, [&](double w) { wanted.push_back(rounded(w * scale, rounding)); });
    std::vector<std::pair<Grid, std::vector<double>>> parts{{grids.coarse, {}}};
    for (const double x : wanted) parts.back().second.push_back(grids.coarse.mantissa(x));
    if (rounding.split) {
        std::vector<double> rest;
        for (std::size_t i = 0; i < wanted.size(); ++i) {
            wanted[i] -= std::ldexp(parts[0].second[i], grids.coarse.exponent);
            rest.push_back(grids.rest.mantissa(wanted[i]));
        }
        const bool any =
            std::any_of(rest.begin(), rest.end(), [](double mantissa) { return mantissa != 0; });
        if (any) parts.emplace_back(grids.rest, std::move(rest));
    }
    if (!rounding.truncate) keep_sums(row_sizes(map), wanted, importance(map, rates), parts.back());

    StoredLink result;
    for (const auto& [grid, mantissas] : parts) {
        StoredWeights part{map, grid.exponent, grid.sign};
        std::size_t i = 0;
        visit_weights(part.map, [&, &values = mantissas](double& w) { w = values[i++]; });
        result.parts.push_back(std::move(part));
    }
    std::size_t i = 0;
    visit_weights(map, [&](double w) {
        const double x = w * scale;
        double y = 0;
        for (const auto& [grid, mantissas] : parts) y += std::ldexp(mantissas[i], grid.exponent);
        ++i;
        result.largest = std::max(result.largest, std::abs(x));
        result.worst_error = std::max(result.worst_error, std::abs(y - x));
        result.squared_error += (y - x) * (y - x);
        result.squared += x * x;
        result.lost += y == 0 && x != 0 ? 1 : 0;
        ++result.weights;
    });
    return result;
}

double storing_error(const LinearMap& map, double scale, const Rounding& rounding) {
    const Grids grids = grids_for(map, scale, rounding);
    double sum = 0;
    visit_weights(map, [&](double w) {
        const double error = stored(w * scale, grids, rounding.split) / scale - w;
        sum += error * error;
    });
    return sum;
}

}  // namespace seamount::importer::nir
