#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "tools/base/console.hpp"
#include "tools/base/progress.hpp"
#include "tools/explore/runs/executor.hpp"
#include "tools/explore/runs/measure.hpp"
#include "tools/explore/store/store.hpp"
#include "tools/explore/strategy/strategy.hpp"
#include "tools/explore/sweep/configuration.hpp"
#include "tools/explore/sweep/sweep.hpp"

namespace seamount::explore {

/// The part of a sweep that this process runs: points with number % count == index.
struct Shard {
    std::uint64_t index = 0;
    std::uint64_t count = 1;
};

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

/// Runs what a sweep's store does not have yet. May be killed at any moment: the store then holds
/// every run that had ended, and another Explorer goes on.
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
    /// A point in one stage.
    struct Point {
        std::int64_t number = 0;
        std::vector<Run*> runs;  ///< one for each seed
        std::vector<std::size_t> askers;
    };
    using Key = std::pair<std::string, std::int64_t>;  ///< stage, number

    void load();
    void run_stage(Strategy* strategy);
    void confirm_front();
    void ask(Strategy& strategy);
    void enter(const std::vector<Assignment>& points, const std::string& stage);
    void dispatch();
    /// What decides a run: prepared already, or computed now. Throws InputError.
    [[nodiscard]] Configuration configure(const Run& run);
    /// Configures one of the runs that come next, so that a place that falls free is filled at
    /// once.
    void prepare_next();
    /// False if the run must wait for another one with the same key.
    bool start(Run& run);
    void end(Run& run, const Result& result, bool cached);
    void collect(const std::vector<JobResult>& all);
    void tell_if_complete(Point& point);
    void watch_front(const Score& score);
    void check_budget();
    [[nodiscard]] Run placed(const Run& run) const;  ///< with the parameters of its stage
    [[nodiscard]] Totals count() const;

    Parts parts_;
    std::vector<std::string> objectives_;
    std::vector<bool> maximize_;
    std::vector<std::string> seeds_;
    std::vector<std::string> scripts_;
    std::string script_hash_;

    std::deque<Run> runs_;
    std::map<std::string, std::int64_t> numbers_;  ///< of points, by their parameters
    std::map<Key, Point> points_;
    std::deque<Run*> pending_;
    std::map<std::int64_t, Configuration> prepared_;  ///< of pending runs, by id
    std::map<std::uint64_t, Run*> running_;
    std::map<std::string, std::shared_ptr<const ResolvedChip>>
        chips_;  ///< of what is running, by key
    std::string stage_;
    Strategy* strategy_ = nullptr;
    std::size_t asked_ = 0;
    bool asked_in_vain_ = false;

    std::vector<Costs> front_;
    std::uint64_t since_improvement_ = 0;
    Totals totals_;
    double started_ = 0.0;
    std::uint64_t known_ = 0;  ///< runs that had ended before
    std::unique_ptr<tools::Progress> progress_;
};

}  // namespace seamount::explore
