#pragma once

#include <vector>

#include "tools/explore/sweep/sweep.hpp"

namespace seamount::explore {

/// Coordinates in the unit cube, one for each parameter of a space.
using Place = std::vector<double>;

/// All combinations of the levels, the last parameter fastest.
[[nodiscard]] std::vector<Place> grid(const Space& space);
/// Independent uniform places (Philox, keyed by the seed).
[[nodiscard]] std::vector<Place> random_design(std::size_t dimensions, std::size_t points,
                                               std::uint64_t seed);
/// Latin hypercube: each of `points` equal slices of each axis holds exactly one place.
[[nodiscard]] std::vector<Place> latin_hypercube(std::size_t dimensions, std::size_t points,
                                                 std::uint64_t seed);
/// Sobol's sequence, shifted by a random vector modulo 1 (seed 0: not shifted).
[[nodiscard]] std::vector<Place> sobol(std::size_t dimensions, std::size_t points,
                                       std::uint64_t seed);

// The same for the parameters, points and seed of a sweep.
[[nodiscard]] std::vector<Place> grid(const Sweep& sweep);
[[nodiscard]] std::vector<Place> random_design(const Sweep& sweep);
[[nodiscard]] std::vector<Place> latin_hypercube(const Sweep& sweep);
[[nodiscard]] std::vector<Place> sobol(const Sweep& sweep);

}  // namespace seamount::explore
