#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "isa/base/json.hpp"
#include "tools/run/read/rows.hpp"

namespace seamount::report {

/// A series of values over the steps in at most 2 * kFew equal stretches, whatever its length: the
/// lowest, the highest and the sum of each.
class Series {
public:
    static constexpr std::size_t kFew = 750;

    void add(std::uint64_t step, double value);
    [[nodiscard]] std::uint64_t width() const noexcept { return width_; }
    /// As [first step, ...], [lowest, ...], [highest, ...], [sum, ...].
    [[nodiscard]] Json json() const;

private:
    struct Stretch {
        std::uint64_t step = 0;
        double low = 0.0;
        double high = 0.0;
        double sum = 0.0;
    };
    void halve();

    std::uint64_t width_ = 1;  ///< steps of a stretch
    std::vector<Stretch> stretches_;
};

/// What perf.csv says over the steps: `series` by column, the longest steps with their reasons, and
/// `bounded`, in how many steps each cause was the largest.
[[nodiscard]] Json steps_json(tools::Rows& perf);

/// What the probes read: `traces` of at most kMostTraces neurons and variables; `left_out` others.
inline constexpr std::size_t kMostTraces = 48;
[[nodiscard]] Json traces_json(tools::Rows& potentials);

/// A table as it is, up to `most` rows: names of columns, and rows of numbers and texts.
[[nodiscard]] Json table_json(tools::Rows& rows, std::size_t most);

/// First step and number of steps of a run, as its perf.csv has them.
struct StepRange {
    std::uint64_t first = 0;
    std::uint64_t steps = 0;
};
[[nodiscard]] StepRange range_of(tools::Rows& perf);

}  // namespace seamount::report
