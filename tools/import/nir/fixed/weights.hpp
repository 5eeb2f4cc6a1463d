#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "tools/import/nir/fold/linear_map.hpp"

namespace seamount::importer::nir {

/// Weights as a projection of a network file has them: mantissa * 2^exponent.
struct StoredWeights {
    LinearMap map;  ///< the mantissas: whole numbers that are stored as they are
    int exponent = 0;
    const char* sign = "mixed";  ///< of `sign:`
};

/// What became of the weights of a link.
struct StoredLink {
    std::vector<StoredWeights> parts;  ///< one, or two that add up
    double largest = 0;                ///< of the weights, in units of the accumulator
    double worst_error = 0;            ///< largest, in the same units
    double squared_error = 0;          ///< sum
    double squared = 0;                ///< sum of the squared weights
    std::uint64_t lost = 0;            ///< weights other than 0 that became 0
    std::uint64_t weights = 0;
};

/// Calls visit on each weight that is written down; it may change it.
void visit_weights(LinearMap& map, const std::function<void(double&)>& visit);
void visit_weights(const LinearMap& map, const std::function<void(double)>& visit);

/// How weights are rounded.
struct Rounding {
    bool split = false;     ///< store what one mantissa loses in a second one
    bool truncate = false;  ///< to integers, toward zero, before the mantissa
    int least_exponent = 0;
};

/// Stores weights times `scale` in mantissas of 8 bits with the least exponent that takes all of
/// them. Weights beyond the largest exponent are clipped; `largest` tells. Of the two ways to
/// round, some weights of a row take the farther one, so that what the row adds up to is right
/// where sources are active by `rates` (spikes per step; empty: all alike).
[[nodiscard]] StoredLink store(const LinearMap& map, double scale, const Rounding& rounding,
                               const std::vector<double>& rates);

/// Squared error that `store` would make of weights times `scale`, in units of the weights.
[[nodiscard]] double storing_error(const LinearMap& map, double scale, const Rounding& rounding);

inline constexpr int kLargestExponent = 7;
inline constexpr double kLargestMantissa = 254;  ///< of mixed signs, whose mantissas are even

}  // namespace seamount::importer::nir
