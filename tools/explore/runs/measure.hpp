#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "tools/explore/runs/executor.hpp"
#include "tools/explore/store/store.hpp"
#include "tools/explore/strategy/pareto.hpp"
#include "tools/explore/sweep/configuration.hpp"
#include "tools/explore/sweep/sweep.hpp"

namespace seamount::explore {

/// Numbers and words of a summary by their path: "energy_j.total".
[[nodiscard]] Assignment flatten(const std::string& summary);

/// What a finished process says about its point. Never throws for what the process did: that is a
/// status and a reason.
[[nodiscard]] Result result_of(const Sweep& sweep, const Run& run, const ResolvedChip& chip,
                               const JobResult& ended);

/// True if a process was ended from outside, which says nothing about the point.
[[nodiscard]] bool was_killed(const JobResult& ended);

/// Objectives of a finished run: name -> value.
[[nodiscard]] std::map<std::string, double> values_of(const Result& result);

/// Mean and spread of each objective over the runs of one point and stage.
struct Score {
    std::int64_t point = 0;
    Status status = Status::kWaiting;  ///< done if all runs are, else the worst of them
    std::vector<double> mean;          ///< by objective of the sweep; empty unless done
    std::vector<double> deviation;     ///< sample standard deviation; 0 for one run
};

/// Scores of one stage by point. `objectives` are names in order.
[[nodiscard]] std::vector<Score> scores_of(const std::vector<Run>& runs, const std::string& stage,
                                           const std::vector<std::string>& objectives);

/// Smaller is better: maximised objectives change their sign.
[[nodiscard]] Costs costs_of(const Score& score, const std::vector<bool>& maximize);

}  // namespace seamount::explore
