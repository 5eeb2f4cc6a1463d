#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "tools/explore/runs/scores.hpp"
#include "tools/explore/store/store.hpp"

namespace seamount::explore {

/// Names and directions of the objectives of a store's sweep.
struct Objectives {
    std::vector<std::string> names;
    std::vector<Direction> directions;
    std::vector<std::string> units;  ///< as unit_of(); empty where there is none
};
/// Throws InputError (EXP-STORE) if the store is damaged there.
[[nodiscard]] Objectives objectives_of(Store& store);

/// What a store says of its sweep.
struct SweepFacts {
    std::string json;  ///< all of it
    std::string name;
    std::string strategy;
    Objectives objectives;
};
/// Throws InputError (EXP-STORE) if the store is damaged there.
[[nodiscard]] SweepFacts facts_of(Store& store);

/// A point as a report shows it: of the last stage that it reached.
struct PointSummary {
    std::int64_t point = 0;
    Stage stage = Stage::kFinal;
    Assignment parameters;
    Status status = Status::kWaiting;
    std::string reason;
    std::vector<double> mean;
    std::vector<double> deviation;
    bool on_front = false;
};

/// How one parameter moves one objective.
struct Effect {
    std::string path;
    std::string objective;
    std::map<std::string, double> mean_by_value;  ///< at the mean of all else
    double share = 0.0;                           ///< of the objective's variance, 0..1
};

/// How a screened objective and its confirmed value rank the same points.
struct RankChange {
    std::string objective;
    std::size_t pairs = 0;
    std::size_t swapped = 0;  ///< pairs that the confirmation orders the other way round
    std::vector<std::string> examples;
};

/// What a store says when all is put together.
struct Summary {
    std::string name;
    std::string sweep;  ///< JSON: what was swept
    Objectives objectives;
    std::vector<std::string> paths;  ///< parameters that vary
    std::vector<PointSummary> points;
    std::vector<Effect> effects;
    bool is_chosen = false;                ///< results decided which points there are
    std::vector<RankChange> rank_changes;  ///< if there was a screening
    std::vector<std::int64_t> lost_front;  ///< on the screened front, not on the confirmed one
};

[[nodiscard]] Summary summarise(Store& store);

/// Tables of the best points, effects and reasons of infeasible points.
[[nodiscard]] std::string terminal_report(const Summary& summary);

}  // namespace seamount::explore
