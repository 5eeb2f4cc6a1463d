#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "tools/base/console.hpp"
#include "tools/base/progress.hpp"
#include "tools/explore/runs/budget_watch.hpp"
#include "tools/explore/runs/dispatcher.hpp"
#include "tools/explore/runs/point_table.hpp"
#include "tools/explore/strategy/strategy.hpp"

namespace seamount::explore {

/// What a sweep's run came to.
struct Totals {
    std::uint64_t done = 0;
    std::uint64_t infeasible = 0;
    std::uint64_t failed = 0;
    std::uint64_t waiting = 0;  ///< left by a budget
    std::uint64_t all = 0;      ///< that there will be, as far as the strategy knows
    std::uint64_t cached = 0;   ///< of all: taken from the cache now
    std::uint64_t executed = 0;
    std::string stopped;  ///< by which budget it ended early; empty if by none
    bool interrupted = false;
};

/// Runs what a sweep's store does not have yet: asks the strategy for points, enters them into the
/// table, lets the dispatcher run them and tells the strategy. May be killed at any moment: the
/// store then holds every run that had ended, and another Explorer goes on.
class Explorer {
public:
    /// Everything must outlive the explorer; `cache` may be null.
    struct Parts {
        const Sweep& sweep;
        Configurator& configurator;
        Store& store;
        Cache* cache;
        Executor& executor;
        const tools::Console& console;
        Shard shard;
        double started = 0.0;  ///< when the time of the budget began
    };
    explicit Explorer(const Parts& parts);

    /// Ends early, with all that has ended in the store, when a budget is used up or when it is
    /// interrupted (Interruption). Throws InputError if the strategy fails, a file changes or the
    /// store is lost.
    Totals run();
    /// How far it came.
    [[nodiscard]] Totals count() const;

private:
    void run_stage(Strategy* strategy);
    /// True if nothing further is to be started.
    [[nodiscard]] bool is_ending() const;
    void stop_if_time_is_up();
    void confirm_front();
    void ask(Strategy& strategy);
    void enter(const std::vector<Assignment>& points);
    void end(Run& run, const Result& result, bool cached);
    void tell_if_complete(Point& point);

    Parts parts_;
    std::vector<std::string> objectives_;
    std::vector<Direction> directions_;
    PointTable points_;
    Dispatcher dispatcher_;
    BudgetWatch budget_;
    Stage stage_ = Stage::kFinal;
    Strategy* strategy_ = nullptr;
    std::uint64_t all_ = 0;
    std::size_t asked_ = 0;
    bool asked_in_vain_ = false;
    std::unique_ptr<tools::Progress> progress_;
};

}  // namespace seamount::explore
