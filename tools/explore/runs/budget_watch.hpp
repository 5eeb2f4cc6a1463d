#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tools/explore/strategy/pareto.hpp"
#include "tools/explore/sweep/sweep.hpp"

namespace seamount::explore {

/// Tells when a sweep has used up its budget of time, failures or points without improvement.
class BudgetWatch {
public:
    /// The time began at `started` (tools::now_s); the budget must outlive the watch.
    BudgetWatch(const Budget& budget, double started);

    /// A point is done and costs this.
    void point_done(const Costs& costs);
    void run_failed() noexcept { ++failures_; }
    /// Looks whether it is time to stop; that stays so.
    void check();
    [[nodiscard]] bool is_over() const noexcept { return !reason_.empty(); }
    /// True when the time is used up, looked at now.
    [[nodiscard]] bool is_time_up() const;
    /// Which budget it was: "budget.wall_s = 60"; empty if it is not over.
    [[nodiscard]] const std::string& reason() const noexcept { return reason_; }

private:
    const Budget& budget_;
    double started_;
    std::vector<Costs> front_;
    std::uint64_t since_improvement_ = 0;  ///< points
    std::uint64_t failures_ = 0;
    std::string reason_;
};

}  // namespace seamount::explore
