#include "tools/explore/runs/explorer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <utility>

#include "tools/base/version.hpp"
#include "tools/explore/sweep/assignment_json.hpp"

namespace seamount::explore {
namespace {

constexpr std::int64_t kMaxAttempts = 5;  ///< of a run whose process is killed from outside
constexpr double kWait = 0.2;             ///< seconds between looks at the budget

bool has_ended(const Run& run) {
    return run.result.status != Status::kWaiting && run.result.status != Status::kRunning;
}

std::string findings(const InputError& error) {
    std::string text;
    for (const Diagnostic& diagnostic : error.diagnostics()) text += to_string(diagnostic) + '\n';
    if (!text.empty()) text.pop_back();
    return text;
}

}  // namespace

Explorer::Explorer(const Parts& parts) : parts_{parts} {
    std::string scripts;
    for (const Objective& objective : parts.sweep.objectives) {
        objectives_.push_back(objective.name);
        maximize_.push_back(objective.maximize);
        if (objective.formula) {
            scripts += objective.name + ' ' + objective.formula->text() + '\n';
            continue;
        }
        scripts_.push_back(std::filesystem::absolute(objective.script).string());
        std::ifstream file{objective.script, std::ios::binary};
        scripts +=
            objective.name + ' ' + content_hash({std::istreambuf_iterator<char>{file}, {}}) + '\n';
    }
    script_hash_ = scripts_.empty() ? std::string{} : content_hash(scripts);
    for (const std::uint64_t seed : parts.sweep.seeds) seeds_.push_back(std::to_string(seed));
    if (seeds_.empty()) seeds_.emplace_back();
}

Totals Explorer::run() {
    started_ = tools::now_s();
    load();
    const std::unique_ptr<Strategy> strategy = make_strategy(parts_.sweep);
    if (parts_.shard.count > 1 && !strategy->is_static()) {
        bad_input("EXP-SHARD", parts_.sweep.file.string(),
                  fmt::format("the strategy {} cannot be split into shards: it looks at the "
                              "results of all points",
                              parts_.sweep.strategy.name),
                  "grid, random, lhs and sobol can; or use mpirun");
    }
    std::uint64_t points = strategy->size();
    if (parts_.sweep.budget.points != 0) points = std::min(points, parts_.sweep.budget.points);
    const std::uint64_t all = points * seeds_.size() / parts_.shard.count;
    progress_ =
        std::make_unique<tools::Progress>(parts_.console, all - std::min(all, known_), "run");
    stage_ = parts_.sweep.screen ? "screen" : "final";
    run_stage(strategy.get());
    if (parts_.sweep.screen && parts_.shard.count == 1 && totals_.stopped.empty()) confirm_front();
    progress_->finish();
    return count();
}

void Explorer::load() {
    parts_.store.recover();
    for (Run& run : parts_.store.runs()) {
        if (run.result.status == Status::kRunning) run.result.status = Status::kWaiting;
        run.result.summary.clear();  // the store has it
        known_ += has_ended(run) ? 1U : 0U;
        runs_.push_back(std::move(run));
        Run& kept = runs_.back();
        numbers_.emplace(json_text(kept.parameters), kept.point);
        Point& point = points_[{kept.stage, kept.point}];
        point.number = kept.point;
        point.runs.push_back(&kept);
    }
}

void Explorer::run_stage(Strategy* strategy) {
    strategy_ = strategy;
    std::vector<JobResult> ended;
    for (;;) {
        // What ended is safe before a strategy is asked, which may think for long.
        parts_.store.together([&] {
            collect(ended);
            check_budget();
        });
        if (strategy_ != nullptr && totals_.stopped.empty()) ask(*strategy_);
        parts_.store.together([&] { dispatch(); });
        if (!running_.empty()) {
            prepare_next();
            ended = parts_.executor.wait(kWait);
            asked_in_vain_ = false;
            continue;
        }
        ended.clear();
        const bool nothing_to_start = pending_.empty() || !totals_.stopped.empty();
        const bool nothing_to_ask = strategy_ == nullptr || strategy_->finished() ||
                                    asked_in_vain_ || !totals_.stopped.empty();
        if (nothing_to_start && nothing_to_ask) break;
    }
    strategy_ = nullptr;
}

void Explorer::ask(Strategy& strategy) {
    const std::size_t capacity = parts_.executor.capacity();
    while (pending_.size() < capacity && !strategy.finished()) {
        const std::size_t room = capacity - std::min(capacity, running_.size() + pending_.size());
        if (room == 0) return;
        std::vector<Assignment> points = strategy.ask(room);
        asked_in_vain_ = points.empty();
        if (points.empty()) return;
        const std::uint64_t most = parts_.sweep.budget.points;
        if (most != 0 && asked_ + points.size() >= most) {
            points.resize(most - asked_);
            enter(points, stage_);
            strategy_ = nullptr;  // what was entered still runs; nothing more is asked for
            return;
        }
        enter(points, stage_);
    }
}

void Explorer::enter(const std::vector<Assignment>& points, const std::string& stage) {
    std::vector<Run> added;
    std::vector<std::int64_t> numbers;
    for (const Assignment& point : points) {
        const auto next = static_cast<std::int64_t>(numbers_.size()) + 1;
        const std::int64_t number = numbers_.try_emplace(json_text(point), next).first->second;
        numbers.push_back(number);
        const bool ours = static_cast<std::uint64_t>(number) % parts_.shard.count ==
                          parts_.shard.index % parts_.shard.count;
        const auto [place, is_new] = points_.try_emplace({stage, number});
        if (!is_new || !ours) continue;
        place->second.number = number;
        for (const std::string& seed : seeds_) {
            Run run;
            run.point = number;
            run.stage = stage;
            run.seed = seed;
            run.parameters = point;
            added.push_back(std::move(run));
        }
    }
    parts_.store.add(added);
    for (Run& run : added) {
        runs_.push_back(std::move(run));
        points_[{stage, runs_.back().point}].runs.push_back(&runs_.back());
    }
    for (const std::int64_t number : numbers) {
        Point& point = points_[{stage, number}];
        if (point.askers.empty()) {
            for (Run* run : point.runs) {
                if (!has_ended(*run)) pending_.push_back(run);
            }
        }
        point.askers.push_back(asked_++);
        if (!point.runs.empty()) tell_if_complete(point);
    }
}

void Explorer::dispatch() {
    std::size_t postponed = 0;
    while (!pending_.empty() && totals_.stopped.empty() &&
           running_.size() < parts_.executor.capacity() && postponed < pending_.size()) {
        Run* const run = pending_.front();
        pending_.pop_front();
        if (start(*run)) continue;
        pending_.push_back(run);
        ++postponed;
    }
}

Run Explorer::placed(const Run& run) const {
    Run placed = run;
    if (run.stage == "screen" && parts_.sweep.screen) {
        for (const auto& [path, value] : parts_.sweep.screen->set) placed.parameters[path] = value;
    }
    return placed;
}

Configuration Explorer::configure(const Run& run) {
    if (auto found = prepared_.extract(run.id)) return std::move(found.mapped());
    std::optional<std::uint64_t> seed;
    if (!run.seed.empty()) seed = std::stoull(run.seed);
    return parts_.configurator.configure(placed(run).parameters, seed);
}

void Explorer::prepare_next() {
    const std::size_t most = std::min(pending_.size(), parts_.executor.capacity());
    for (std::size_t i = 0; i < most; ++i) {
        const Run& run = *pending_[i];
        if (prepared_.contains(run.id)) continue;
        try {
            prepared_.emplace(run.id, configure(run));
        } catch (const InputError&) {
            continue;  // it is told when the run starts
        }
        return;
    }
}

bool Explorer::start(Run& run) {
    Configuration configuration;
    try {
        configuration = configure(run);
    } catch (const InputError& error) {
        end(run, {Status::kInfeasible, findings(error), {}, {}, 0.0, 0}, false);
        return true;
    }
    std::string key =
        script_hash_.empty() ? configuration.key : content_hash(configuration.key + script_hash_);
    if (chips_.contains(key)) {
        prepared_.emplace(run.id, std::move(configuration));
        return false;
    }
    run.key = key;
    parts_.store.start(run.id, key,
                       {nlohmann::json(configuration.arguments).dump(), configuration.chip->text,
                        configuration.network->text, tools::version()});
    auto known = parts_.store.find(key);
    if (!known && parts_.cache != nullptr) known = parts_.cache->find(key);
    if (known) {
        // Objectives are this sweep's; what they are computed from is the same.
        if (known->status == Status::kDone && script_hash_.empty()) {
            JobResult again;
            again.run.code = 0;
            again.run.out = known->summary;
            again.run.wall_s = known->wall_s;
            again.run.peak_rss_bytes = known->peak_rss_bytes;
            known = result_of(parts_.sweep, placed(run), *configuration.chip, again);
        }
        ++totals_.cached;
        end(run, *known, true);
        return true;
    }
    Job job;
    job.id = static_cast<std::uint64_t>(run.id);
    job.arguments = configuration.arguments;
    job.scripts = scripts_;
    job.time_s = parts_.sweep.limits.time_s;
    job.memory_mb = parts_.sweep.limits.memory_mb;
    chips_[key] = configuration.chip;
    running_[job.id] = &run;
    parts_.executor.submit(std::move(job));
    return true;
}

void Explorer::collect(const std::vector<JobResult>& all) {
    for (const JobResult& ended : all) {
        const auto found = running_.find(ended.id);
        Run& run = *found->second;
        running_.erase(found);
        const std::shared_ptr<const ResolvedChip> chip = chips_.at(run.key);
        chips_.erase(run.key);
        ++run.attempts;
        if (was_killed(ended) && run.attempts < kMaxAttempts) {
            parts_.store.retry(run.id);
            pending_.push_back(&run);
            continue;
        }
        ++totals_.executed;
        const Result result = result_of(parts_.sweep, placed(run), *chip, ended);
        if (parts_.cache != nullptr) parts_.cache->keep(run.key, result);
        end(run, result, false);
    }
}

void Explorer::end(Run& run, const Result& result, bool cached) {
    run.result = result;
    run.cached = cached;
    parts_.store.finish(run.id, result, cached);
    run.result.summary.clear();  // the store has it
    if (result.status == Status::kFailed) ++totals_.failed;
    progress_->update(totals_.executed + totals_.cached);
    tell_if_complete(points_.at({run.stage, run.point}));
}

void Explorer::tell_if_complete(Point& point) {
    std::vector<Run> runs;
    for (const Run* run : point.runs) {
        if (!has_ended(*run)) return;
        runs.push_back(*run);
    }
    const Score score = scores_of(runs, runs.front().stage, objectives_).front();
    if (score.status == Status::kDone) watch_front(score);
    if (strategy_ == nullptr) return;
    Told told;
    told.status = to_string(score.status);
    for (const Run& run : runs) {
        if (told.reason.empty()) told.reason = run.result.reason;
    }
    told.values = score.mean;
    told.costs = costs_of(score, maximize_);
    for (const std::size_t asker : point.askers) {
        told.number = asker;
        strategy_->tell(told);
    }
    point.askers.clear();
    point.askers.shrink_to_fit();
}

void Explorer::watch_front(const Score& score) {
    const Costs costs = costs_of(score, maximize_);
    ++since_improvement_;
    for (const Costs& best : front_) {
        if (best == costs || dominates(best, costs)) return;
    }
    std::erase_if(front_, [&](const Costs& other) { return dominates(costs, other); });
    front_.push_back(costs);
    since_improvement_ = 0;
}

void Explorer::check_budget() {
    if (!totals_.stopped.empty()) return;
    const Budget& budget = parts_.sweep.budget;
    if (budget.wall_s > 0.0 && tools::now_s() - started_ > budget.wall_s) {
        totals_.stopped = fmt::format("budget.wall_s = {}", budget.wall_s);
    } else if (budget.failures != 0 && totals_.failed >= budget.failures) {
        totals_.stopped = fmt::format("budget.failures = {}", budget.failures);
    } else if (budget.without_improvement != 0 &&
               since_improvement_ >= budget.without_improvement) {
        totals_.stopped =
            fmt::format("budget.without_improvement = {}", budget.without_improvement);
    }
}

void Explorer::confirm_front() {
    const std::vector<Run> runs{runs_.begin(), runs_.end()};
    std::vector<Score> scores = scores_of(runs, "screen", objectives_);
    std::erase_if(scores, [](const Score& score) { return score.status != Status::kDone; });
    std::vector<Costs> costs;
    for (const Score& score : scores) costs.push_back(costs_of(score, maximize_));
    const std::vector<std::size_t> fronts = fronts_of(costs);
    std::vector<Assignment> chosen;
    for (std::size_t i = 0; i < scores.size(); ++i) {
        if (fronts[i] >= parts_.sweep.screen->fronts) continue;
        chosen.push_back(points_.at({"screen", scores[i].point}).runs.front()->parameters);
    }
    stage_ = "final";
    enter(chosen, stage_);
    run_stage(nullptr);
}

Totals Explorer::count() const {
    Totals totals = totals_;
    totals.failed = 0;
    for (const Run& run : runs_) {
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
            default:
                ++totals.waiting;
        }
    }
    return totals;
}

}  // namespace seamount::explore
