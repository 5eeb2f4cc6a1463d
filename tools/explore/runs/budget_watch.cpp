#include "tools/explore/runs/budget_watch.hpp"

#include <fmt/format.h>

#include "tools/base/console.hpp"

namespace seamount::explore {

BudgetWatch::BudgetWatch(const Budget& budget, double started)
    : budget_{budget}, started_{started} {}

bool BudgetWatch::is_time_up() const {
    return budget_.wall_s > 0.0 && tools::now_s() - started_ > budget_.wall_s;
}

void BudgetWatch::point_done(const Costs& costs) {
    ++since_improvement_;
    for (const Costs& best : front_) {
        if (best == costs || dominates(best, costs)) return;
    }
    std::erase_if(front_, [&](const Costs& other) { return dominates(costs, other); });
    front_.push_back(costs);
    since_improvement_ = 0;
}

void BudgetWatch::check() {
    if (is_over()) return;
    if (is_time_up()) {
        reason_ = fmt::format("budget.wall_s = {}", budget_.wall_s);
    } else if (budget_.failures != 0 && failures_ >= budget_.failures) {
        reason_ = fmt::format("budget.failures = {}", budget_.failures);
    } else if (budget_.without_improvement != 0 &&
               since_improvement_ >= budget_.without_improvement) {
        reason_ = fmt::format("budget.without_improvement = {}", budget_.without_improvement);
    }
}

}  // namespace seamount::explore
