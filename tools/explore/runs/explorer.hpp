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
    std::uint64_t cached = 0;   ///< of all: taken from the cache now
    std::uint64_t executed = 0;
    std::string stopped;  ///< why it ended early; empty if it did not
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
    };
    explicit Explorer(const Parts& parts);

    /// Throws InputError if the strategy fails.
    Totals run();

private:
    void run_stage(Strategy* strategy);
    void confirm_front();
    void ask(Strategy& strategy);
    void enter(const std::vector<Assignment>& points);
    void end(Run& run, const Result& result, bool cached);
    void tell_if_complete(Point& point);
    [[nodiscard]] Totals count() const;

    Parts parts_;
    std::vector<std::string> objectives_;
    std::vector<Direction> directions_;
    PointTable points_;
    Dispatcher dispatcher_;
    BudgetWatch budget_;
    Stage stage_ = Stage::kFinal;
    Strategy* strategy_ = nullptr;
    std::size_t asked_ = 0;
    bool asked_in_vain_ = false;
    std::unique_ptr<tools::Progress> progress_;
};

}  // namespace seamount::explore
