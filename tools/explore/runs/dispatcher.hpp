#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tools/explore/runs/executor.hpp"
#include "tools/explore/store/cache.hpp"
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

    /// Starts what there is room for. Throws InputChanged.
    void start_pending();
    /// Configures one of the runs that come next, so that a place that falls free is filled at
    /// once.
    void prepare_next();
    /// Takes over what has ended; a run whose process was killed from outside waits again, and so
    /// does one whose files are not as they were hashed: see changed().
    void collect(const std::vector<JobResult>& all);
    /// Ends all that is under way, which waits again.
    void cancel();
    /// A file that has changed: nothing can be run any more. Empty: none has.
    [[nodiscard]] const std::filesystem::path& changed() const noexcept { return changed_; }

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
    /// The summary of a simulation in the cache whose files are as they are now.
    [[nodiscard]] std::optional<Cache::Entry> known_simulation(const std::string& key);
    void submit(Run& run, const Configuration& configuration, const std::string& summary);
    /// What a run has read beside that of which its key is made, by name. Sets changed_.
    [[nodiscard]] FileHashes further_files(const ResultRecord& record);

    /// A run that is under way.
    struct UnderWay {
        Run* run = nullptr;
        std::shared_ptr<const ResolvedChip> chip;
        std::string simulation;  ///< key in the cache
        bool is_known = false;   ///< it was there: only scripts run
    };
    [[nodiscard]] bool is_under_way(const std::string& key) const;
    void finish(const UnderWay& under_way, const JobResult& ended, bool touched);

    Parts parts_;
    OnEnd on_end_;
    std::vector<std::string> scripts_;
    std::string script_hash_;  ///< of scripts and formulas; empty without scripts
    std::deque<Run*> pending_;
    std::map<std::int64_t, Configuration> prepared_;  ///< of pending runs, by id
    std::map<std::uint64_t, UnderWay> running_;       ///< by id
    std::filesystem::path changed_;
    std::uint64_t executed_ = 0;
    std::uint64_t cached_ = 0;
};

}  // namespace seamount::explore
