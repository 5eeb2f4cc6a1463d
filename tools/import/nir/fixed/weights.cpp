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

StoredLink store(const LinearMap& map, double scale, const Rounding& rounding) {
    const Grids grids = grids_for(map, scale, rounding);
    StoredLink result;
    visit_weights(map, [&](double w) {
        const double x = w * scale;
        const double y = stored(rounded(x, rounding), grids, rounding.split);
        result.largest = std::max(result.largest, std::abs(x));
        result.worst_error = std::max(result.worst_error, std::abs(y - x));
        result.squared_error += (y - x) * (y - x);
        result.squared += x * x;
        result.lost += y == 0 && x != 0 ? 1 : 0;
        ++result.weights;
    });
    StoredWeights coarse{map, grids.coarse.exponent, grids.coarse.sign};
    visit_weights(coarse.map,
                  [&](double& w) { w = grids.coarse.mantissa(rounded(w * scale, rounding)); });
    result.parts.push_back(std::move(coarse));
    if (!rounding.split) return result;
    StoredWeights rest{map, grids.rest.exponent, grids.rest.sign};
    bool any = false;
    visit_weights(rest.map, [&](double& w) {
        const double x = rounded(w * scale, rounding);
        w = grids.rest.mantissa(x - std::ldexp(grids.coarse.mantissa(x), grids.coarse.exponent));
        any = any || w != 0;
    });
    if (any) result.parts.push_back(std::move(rest));
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
