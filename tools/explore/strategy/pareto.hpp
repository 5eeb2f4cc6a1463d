#pragma once

#include <cstddef>
#include <vector>

namespace seamount::explore {

/// Values of the objectives of one point; smaller is better in all of them.
using Costs = std::vector<double>;

/// True if `a` is nowhere worse than `b` and somewhere better.
[[nodiscard]] bool dominates(const Costs& a, const Costs& b);

/// Number of the front that each point is on: 0 for points that none dominates, 1 for those that
/// only points of front 0 dominate, and so on.
[[nodiscard]] std::vector<std::size_t> fronts_of(const std::vector<Costs>& points);

/// Volume that `points` dominate up to `reference`; points beyond it do not count. Exact, by
/// slicing one objective after the other (While et al. 2006): meant for fronts of some hundred
/// points and up to four objectives.
[[nodiscard]] double hypervolume(std::vector<Costs> points, const Costs& reference);

}  // namespace seamount::explore
