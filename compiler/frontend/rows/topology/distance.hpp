#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "compiler/frontend/rows/topology/topology.hpp"
#include "compiler/frontend/rows/values/formula.hpp"

namespace seamount::compiler::frontend {

/// Probability of a synapse by distance: 2^32 times p, in steps of the radius / kSteps.
class DistanceProfile {
public:
    static constexpr std::uint32_t kSteps = 65536;

    /// `probability` is asked at the near end of every step. Throws DataError (NET-VALUE) if it is
    /// not in [0, 1] there, and FormulaError.
    DistanceProfile(double radius, const std::function<double(double distance)>& probability);

    [[nodiscard]] double radius() const noexcept { return radius_; }
    /// 0 beyond the radius.
    [[nodiscard]] std::uint64_t threshold(double distance) const noexcept {
        const double step = distance * steps_per_unit_;
        return step <= kSteps ? thresholds_[static_cast<std::uint32_t>(step)] : 0;
    }
    /// What threshold() says of every distance within `error` of this one; nothing if a step may
    /// end between them.
    [[nodiscard]] std::optional<std::uint64_t> known_threshold(double distance,
                                                               double error) const noexcept;

private:
    double radius_;
    double steps_per_unit_;
    std::vector<std::uint64_t> thresholds_;  ///< kSteps + 1
};

/// Each pair independently, with the profile's probability at the distance of its ends in the unit
/// square (the coordinates of formulas), targets ascending. Pair (i, j) draws word j mod 4 of draw
/// j / 4 of row i; a row costs as much as there are targets within the radius.
[[nodiscard]] std::shared_ptr<const Topology> distance_rule(const Ends& ends,
                                                            const FormulaEnds& shapes,
                                                            DistanceProfile profile,
                                                            const RowRandom& random);

}  // namespace seamount::compiler::frontend
