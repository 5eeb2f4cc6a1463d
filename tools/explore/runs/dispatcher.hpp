#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tools/explore/runs/executor.hpp"
#include "tools/explore/store/store.hpp"
#include "tools/explore/sweep/configuration.hpp"
#include "tools/explore/sweep/sweep.hpp"

namespace seamount::explore {

/// The queue of runs: starts them where the executor has room, or takes their results from the
/// store or the cache, and sees them end. The store always knows what is under way.
class Dispatcher {
public:
    /// Everything must outlive the dispatcher; `cache` may be null.
    struct Parts {
        const Sweep& sweep;
        Configurator& configurator;
        Store& store;
        Cache* cache;
        Executor& executor;
    };
    /// Called for every run that has a result; `cached`: it was known.
    using OnEnd = std::function<void(Run&, const Result&, bool cached)>;
    Dispatcher(const Parts& parts, OnEnd on_end);

    /// Queues a run, which must stay where it is.
    void add(Run& run) { pending_.push_back(&run); }
    /// Runs that could be started beside those that wait.
    [[nodiscard]] std::size_t room() const;
    [[nodiscard]] bool has_pending() const noexcept { return !pending_.empty(); }
    [[nodiscard]] bool has_running() const noexcept { return !running_.empty(); }

    /// Starts what there is room for. Throws InputError.
    void start_pending();
    /// Configures one of the runs that come next, so that a place that falls free is filled at
    /// once.
    void prepare_next();
    /// Takes over what has ended; a run whose process was killed from outside waits again.
    void collect(const std::vector<JobResult>& all);

    [[nodiscard]] std::uint64_t executed() const noexcept { return executed_; }
    [[nodiscard]] std::uint64_t cached() const noexcept { return cached_; }

private:
    /// What decides a run: prepared already, or computed now. Throws InputError.
    [[nodiscard]] Configuration configure(const Run& run);
    /// With the parameters of its stage.
    [[nodiscard]] Run placed(const Run& run) const;
    /// False if the run must wait for another one with the same key.
    bool start(Run& run);
    [[nodiscard]] std::optional<Result> known_result(const Run& run,
                                                     const Configuration& configuration);
    void submit(Run& run, const Configuration& configuration);

    Parts parts_;
    OnEnd on_end_;
    std::vector<std::string> scripts_;
    std::string script_hash_;  ///< of scripts and formulas; empty without scripts
    std::deque<Run*> pending_;
    std::map<std::int64_t, Configuration> prepared_;                    ///< of pending runs, by id
    std::map<std::uint64_t, Run*> running_;                             ///< by id
    std::map<std::string, std::shared_ptr<const ResolvedChip>> chips_;  ///< of running ones, by key
    std::uint64_t executed_ = 0;
    std::uint64_t cached_ = 0;
};

}  // namespace seamount::explore
