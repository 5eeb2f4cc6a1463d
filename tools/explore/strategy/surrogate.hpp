#pragma once

#include <vector>

#include "tools/explore/strategy/design.hpp"
#include "tools/explore/strategy/pareto.hpp"

namespace seamount::explore {

/// Expects the costs of a place from places with known costs: a quadratic form of the coordinates
/// (ridge regression), and what it misses nearby by the inverse fourth power of the distance. Costs
/// that are all positive are taken in logarithms, since prices and sizes mostly multiply.
class Surrogate {
public:
    /// Costs are empty where a point did not run.
    Surrogate(std::vector<Place> places, const std::vector<Costs>& costs);

    /// Empty where most of what is near did not run.
    [[nodiscard]] Costs at(const Place& place) const;

private:
    std::vector<Place> places_;
    std::vector<std::vector<double>> rest_;  ///< of a place by objective; empty: did not run
    std::vector<std::vector<double>> coefficients_;  ///< by objective
    std::vector<bool> logarithmic_;                  ///< by objective
};

}  // namespace seamount::explore
