#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "tools/base/console.hpp"
#include "tools/explore/check.hpp"
#include "tools/explore/runs/executor.hpp"
#include "tools/explore/runs/explorer.hpp"

namespace seamount::explore {

/// What `seamount explore SWEEP.yaml` was asked for.
struct SweepOptions {
    std::filesystem::path sweep;
    std::filesystem::path store;  ///< empty: NAME.sqlite, or NAME.I-of-N.sqlite for a shard
    std::filesystem::path cache;  ///< empty: default_cache()
    bool no_cache = false;
    std::size_t jobs = 0;  ///< 0: one for each core of the machine
    std::string shard;     ///< "2/4"; empty: all of it
    std::filesystem::path csv;
    std::vector<std::string> assignments;  ///< of `vars:` in the sweep
    bool check_only = false;
    /// Called once the sweep was read and its store is open, before anything runs.
    std::function<void(const std::filesystem::path& store)> opened{};
};

/// Where jobs run, at most `jobs` at once if that can be chosen; `seamount` is the program.
using MakeExecutor = std::function<std::unique_ptr<Executor>(const std::filesystem::path& seamount,
                                                             std::size_t jobs)>;

/// Checks the sweep and runs what its store does not have. Returns the exit code: 0 if every point
/// ran or is infeasible, 1 if any failed. Throws InputError.
int run_sweep(const SweepOptions& options, const RunOptions& run_options,
              const MakeExecutor& make_executor, const tools::Console& console);

/// Reads "2/4". Throws InputError (EXP-SHARD).
[[nodiscard]] Shard shard_of(const std::string& text);

/// The facts that a store keeps of its sweep for reports, as JSON.
[[nodiscard]] std::string describe(const Sweep& sweep);

}  // namespace seamount::explore
