#include "tools/import/nir/fixed/row_scales.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace seamount::importer::nir {
namespace {

constexpr int kCandidates = 64;  ///< in half an octave

struct Weight {
    double value;
    double step;  ///< between mantissas: 2 where both signs share a projection
};

struct Row {
    std::vector<Weight> weights;
    double threshold = 0;  ///< largest
};

bool is_mixed(const LinearMap& map) {
    double low = 0;
    double high = 0;
    visit_weights(map, [&](double w) {
        low = std::min(low, w);
        high = std::max(high, w);
    });
    return low < 0 && high > 0;
}

/// Calls visit(neuron, weight) once for each number that is written down.
template <class Visit>
void visit_by_target(const LinearMap& map, const Visit& visit) {
    std::uint64_t i = 0;
    if (const auto* const each = std::get_if<Elementwise>(&map.form)) {
        for (; i < map.outputs; ++i) visit(i, each->weight[each->weight.size() == 1 ? 0 : i]);
    } else if (const auto* const window = std::get_if<Convolved>(&map.form)) {
        const std::uint64_t taps = window->kernel.size() / window->out[0];
        const std::uint64_t places = window->out[1] * window->out[2];
        for (const double w : window->kernel) visit(i++ / taps * places, w);
    } else if (const auto* const dense = std::get_if<Dense>(&map.form)) {
        for (const double w : dense->weight) visit(i++ / map.inputs, w);
    } else {
        for (const Synapse& one : std::get<std::vector<Synapse>>(map.form)) {
            visit(one.target, one.weight);
        }
    }
}

/// Squared error of the weights of a row at a scale, in units of the weights.
double error_of(const Row& row, double scale, int exponent) {
    double sum = 0;
    for (const Weight& weight : row.weights) {
        const double x = std::ldexp(weight.value * scale, -exponent) / weight.step;
        const double error = (std::nearbyint(x) - x) * weight.step / scale;
        sum += error * error;
    }
    return sum;
}

/// The scale of a row, or `otherwise` where nothing tells.
double scale_of(const Row& row, double otherwise, double most, double unit, int exponent) {
    double heaviest = 0;
    for (const Weight& weight : row.weights) heaviest = std::max(heaviest, std::abs(weight.value));
    if (heaviest == 0 || row.threshold <= 0) return otherwise;
    const double top = std::min(most, std::ldexp(kLargestMantissa, exponent) * unit / heaviest);
    double best = std::numeric_limits<double>::infinity();
    double result = otherwise;
    double last = 0;
    for (int k = 0; k < kCandidates; ++k) {
        const double mantissa =
            std::floor(top * row.threshold / unit * std::exp2(-0.5 * k / kCandidates));
        if (mantissa < 1 || mantissa == last) continue;
        last = mantissa;
        const double scale = mantissa * unit / row.threshold;
        const double error = error_of(row, scale / unit, exponent);
        if (error >= best) continue;
        best = error;
        result = scale;
    }
    return result;
}

}  // namespace

std::vector<std::uint32_t> rows_of(const Population& p, const std::vector<const LinearMap*>& maps) {
    std::uint64_t places = 1;
    for (const LinearMap* map : maps) {
        if (const auto* const window = std::get_if<Convolved>(&map->form)) {
            places = std::max(places, window->out[1] * window->out[2]);
        }
    }
    std::vector<std::uint32_t> rows(p.size());
    for (std::uint64_t i = 0; i < rows.size(); ++i)
        rows[i] = static_cast<std::uint32_t>(i / places);
    return rows;
}

std::vector<double> row_scales(const Population& p, const std::vector<const LinearMap*>& maps,
                               double scale, double most, double unit) {
    const std::vector<std::uint32_t> row_of = rows_of(p, maps);
    std::vector<Row> rows(row_of.empty() ? 0 : row_of.back() + 1);
    for (std::uint64_t i = 0; i < row_of.size(); ++i) {
        rows[row_of[i]].threshold = std::max(rows[row_of[i]].threshold, p.threshold[i]);
    }
    double heaviest = 0;
    for (const LinearMap* map : maps) {
        const double step = is_mixed(*map) ? 2 : 1;
        visit_by_target(*map, [&](std::uint64_t neuron, double w) {
            rows[row_of[neuron]].weights.push_back({w, step});
            heaviest = std::max(heaviest, std::abs(w));
        });
    }
    int exponent = 0;
    while (std::ldexp(kLargestMantissa, exponent) * 1.01 < heaviest * scale / unit) ++exponent;
    std::vector<double> by_row;
    for (const Row& row : rows) by_row.push_back(scale_of(row, scale, most, unit, exponent));
    std::vector<double> result;
    for (const std::uint32_t row : row_of) result.push_back(by_row[row]);
    return result;
}

}  // namespace seamount::importer::nir
