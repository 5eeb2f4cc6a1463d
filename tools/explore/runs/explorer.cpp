#include "tools/explore/runs/explorer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "tools/explore/runs/interruption.hpp"
#include "tools/explore/runs/scores.hpp"

namespace seamount::explore {
namespace {

constexpr double kWait = 0.2;  ///< seconds between looks at the budget

std::vector<std::string> seeds_of(const Sweep& sweep) {
    std::vector<std::string> seeds;
    for (const std::uint64_t seed : sweep.seeds) seeds.push_back(std::to_string(seed));
    return seeds;
}

/// "a, b and c".
std::string design_names() {
    std::vector<std::string> names;
    for (const StrategyKind kind : values(kStrategyNames)) {
        if (is_design(kind)) names.emplace_back(name_of(kStrategyNames, kind));
    }
    std::string text;
    for (std::size_t i = 0; i < names.size(); ++i) {
        text += (i == 0 ? "" : i + 1 == names.size() ? " and " : ", ") + names[i];
    }
    return text;
}

}  // namespace

Explorer::Explorer(const Parts& parts)
    : parts_{parts},
      points_{parts.store, seeds_of(parts.sweep), parts.shard},
      dispatcher_{
          {parts.sweep, parts.configurator, parts.store, parts.cache, parts.executor},
          [this](Run& run, const Result& result, bool cached) { end(run, result, cached); }},
      budget_{parts.sweep.budget, parts.started} {
    for (const Objective& objective : parts.sweep.objectives) {
        objectives_.push_back(objective.name);
        directions_.push_back(objective.direction);
    }
}

Totals Explorer::run() {
    points_.load();
    const auto known = static_cast<std::uint64_t>(
        std::count_if(points_.runs().begin(), points_.runs().end(),
                      [](const Run& run) { return has_ended(run.result.status); }));
    const Sweep& sweep = parts_.sweep;
    const std::unique_ptr<Strategy> strategy = make_strategy(sweep);
    if (parts_.shard.count > 1 && !strategy->is_static()) {
        bad_input("EXP-SHARD", sweep.file.string(),
                  fmt::format("the strategy {} cannot be split into shards: it looks at the "
                              "results of all points",
                              sweep.strategy.name()),
                  design_names() + " can; or use mpirun");
    }
    std::uint64_t points = strategy->size();
    if (sweep.budget.points != 0) points = std::min(points, sweep.budget.points);
    const std::uint64_t all =
        points * std::max<std::size_t>(1, sweep.seeds.size()) / parts_.shard.count;
    all_ = all;
    progress_ =
        std::make_unique<tools::Progress>(parts_.console, all - std::min(all, known), "run");
    stage_ = sweep.screen ? Stage::kScreen : Stage::kFinal;
    run_stage(strategy.get());
    if (sweep.screen && parts_.shard.count == 1 && !is_ending()) confirm_front();
    progress_->finish();
    return count();
}

bool Explorer::is_ending() const {
    return budget_.is_over() || Interruption::is_wanted();
}

/// What is under way ends when the time is up, or when the user wants it to.
void Explorer::stop_if_time_is_up() {
    budget_.check();
    if (!budget_.is_time_up() && !Interruption::is_wanted()) return;
    dispatcher_.cancel();
}

void Explorer::run_stage(Strategy* strategy) {
    strategy_ = strategy;
    if (strategy_ != nullptr) {
        strategy_->give_up_when(
            [this] { return budget_.is_time_up() || Interruption::is_wanted(); });
    }
    std::vector<JobResult> ended;
    for (;;) {
        // What ended is safe before a strategy is asked, which may think for long.
        parts_.store.together([&] {
            dispatcher_.collect(ended);
            stop_if_time_is_up();
        });
        parts_.store.require_file();
        if (!dispatcher_.changed().empty()) throw InputChanged{dispatcher_.changed()};
        if (strategy_ != nullptr && !is_ending()) ask(*strategy_);
        budget_.check();
        parts_.store.together([&] {
            if (!is_ending()) dispatcher_.start_pending();
        });
        if (dispatcher_.has_running()) {
            dispatcher_.prepare_next();
            ended = parts_.executor.wait(kWait);
            asked_in_vain_ = false;
            continue;
        }
        ended.clear();
        const bool nothing_to_ask = strategy_ == nullptr || strategy_->finished() || asked_in_vain_;
        if (is_ending() || (!dispatcher_.has_pending() && nothing_to_ask)) break;
    }
    strategy_ = nullptr;
}

void Explorer::ask(Strategy& strategy) {
    while (!strategy.finished()) {
        const std::size_t room = dispatcher_.room();
        if (room == 0) return;
        std::vector<Assignment> points = strategy.ask(room);
        asked_in_vain_ = points.empty();
        if (points.empty()) return;  // or it was given up
        const std::uint64_t most = parts_.sweep.budget.points;
        const bool is_last = most != 0 && asked_ + points.size() >= most;
        if (is_last) points.resize(most - asked_);
        enter(points);
        if (!is_last) continue;
        strategy_ = nullptr;  // what was entered still runs; nothing more is asked for
        return;
    }
}

void Explorer::enter(const std::vector<Assignment>& points) {
    for (Point* point : points_.enter(points, stage_)) {
        if (point->askers.empty()) {
            for (Run* run : point->runs) {
                if (!has_ended(run->result.status)) dispatcher_.add(*run);
            }
        }
        point->askers.push_back(asked_++);
        if (!point->runs.empty()) tell_if_complete(*point);
    }
}

void Explorer::end(Run& run, const Result& result, bool cached) {
    run.result = result;
    run.cached = cached;
    parts_.store.finish(run.id, result, cached);
    run.result.summary.clear();  // the store has it
    if (result.status == Status::kFailed) budget_.run_failed();
    progress_->update(dispatcher_.executed() + dispatcher_.cached());
    tell_if_complete(points_.at(run.stage, run.point));
}

void Explorer::tell_if_complete(Point& point) {
    std::vector<Run> runs;
    for (const Run* run : point.runs) {
        if (!has_ended(run->result.status)) return;
        runs.push_back(*run);
    }
    const Score score = scores_of(runs, runs.front().stage, objectives_).front();
    if (score.status == Status::kDone) budget_.point_done(costs_of(score, directions_));
    if (strategy_ == nullptr) return;
    Told told;
    told.status = score.status;
    for (const Run& run : runs) {
        if (told.reason.empty()) told.reason = run.result.reason;
    }
    told.values = score.mean;
    told.costs = costs_of(score, directions_);
    for (const std::size_t asker : point.askers) {
        told.number = asker;
        strategy_->tell(told);
    }
    point.askers.clear();
    point.askers.shrink_to_fit();
}

void Explorer::confirm_front() {
    const std::vector<Run> runs{points_.runs().begin(), points_.runs().end()};
    std::vector<Score> scores = scores_of(runs, Stage::kScreen, objectives_);
    std::erase_if(scores, [](const Score& score) { return score.status != Status::kDone; });
    std::vector<Costs> costs;
    for (const Score& score : scores) costs.push_back(costs_of(score, directions_));
    const std::vector<std::size_t> fronts = fronts_of(costs);
    std::vector<Assignment> chosen;
    for (std::size_t i = 0; i < scores.size(); ++i) {
        if (fronts[i] >= parts_.sweep.screen->fronts) continue;
        chosen.push_back(points_.at(Stage::kScreen, scores[i].point).runs.front()->parameters);
    }
    stage_ = Stage::kFinal;
    enter(chosen);
    run_stage(nullptr);
}

Totals Explorer::count() const {
    Totals totals;
    totals.all = std::max<std::uint64_t>(all_, points_.runs().size());
    totals.cached = dispatcher_.cached();
    totals.executed = dispatcher_.executed();
    totals.stopped = budget_.reason();
    totals.interrupted = Interruption::is_wanted();
    for (const Run& run : points_.runs()) {
        switch (run.result.status) {
            case Status::kDone:
                ++totals.done;
                break;
            case Status::kInfeasible:
                ++totals.infeasible;
                break;
            case Status::kFailed:
                ++totals.failed;
                break;
            case Status::kWaiting:
            case Status::kRunning:
                ++totals.waiting;
                break;
        }
    }
    return totals;
}

}  // namespace seamount::explore
