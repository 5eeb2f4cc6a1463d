#pragma once

#include <map>
#include <string>
#include <vector>

#include "tools/explore/report/summary.hpp"

namespace seamount::explore {

/// How the parameters move each objective of the points, which are all done: an additive model of
/// their values is fitted to it, all parameters at once, so that a parameter is not credited with
/// what another one does that happens to vary with it.
///
/// The share of a parameter is the covariance of its part of the model with the objective, by the
/// objective's variance; shares that come out negative count as none. They add up to what the model
/// explains, at most 1; in a full grid they are the first-order indices of Sobol.
[[nodiscard]] std::vector<Effect> effects_of(const std::vector<const PointSummary*>& points,
                                             const std::vector<std::string>& paths,
                                             const std::vector<std::string>& objectives);

/// What the shares of an objective leave over: interactions, and what the model misses.
[[nodiscard]] double unexplained(const std::vector<Effect>& effects, const std::string& objective);

}  // namespace seamount::explore
