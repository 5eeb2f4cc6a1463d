#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "tools/explore/store/store.hpp"
#include "tools/explore/strategy/pareto.hpp"
#include "tools/explore/sweep/sweep.hpp"

namespace seamount::explore {

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
[[nodiscard]] std::vector<Score> scores_of(const std::vector<Run>& runs, Stage stage,
                                           const std::vector<std::string>& objectives);

/// Smaller is better: maximised objectives change their sign.
[[nodiscard]] Costs costs_of(const Score& score, const std::vector<Direction>& directions);

}  // namespace seamount::explore
