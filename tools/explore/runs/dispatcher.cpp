#include "tools/explore/runs/dispatcher.hpp"

#include <algorithm>
#include <utility>

#include "isa/base/content_hash.hpp"
#include "isa/base/json.hpp"
#include "tools/base/version.hpp"
#include "tools/explore/runs/measure.hpp"

namespace seamount::explore {
namespace {

constexpr std::int64_t kMaxAttempts = 5;  ///< of a run whose process is killed from outside

std::string findings(const InputError& error) {
    std::string text;
    for (const Diagnostic& diagnostic : error.diagnostics()) text += to_string(diagnostic) + '\n';
    if (!text.empty()) text.pop_back();
    return text;
}

/// What objectives are measured by, if not by formulas alone; else empty.
std::string script_hash(const Sweep& sweep) {
    std::string text;
    bool any = false;
    for (const Objective& objective : sweep.objectives) {
        const Script* const script = objective.script();
        any = any || script != nullptr;
        text += objective.name + ' ' +
                (script != nullptr ? content_hash_of_file(script->file) : objective.source_text()) +
                '\n';
    }
    return any ? content_hash(text) : std::string{};
}

}  // namespace

Dispatcher::Dispatcher(const Parts& parts, OnEnd on_end)
    : parts_{parts},
      on_end_{std::move(on_end)},
      scripts_{parts.sweep.scripts()},
      script_hash_{script_hash(parts.sweep)} {}

std::size_t Dispatcher::room() const {
    const std::size_t capacity = parts_.executor.capacity();
    return capacity - std::min(capacity, running_.size() + pending_.size());
}

void Dispatcher::start_pending() {
    std::size_t postponed = 0;
    while (running_.size() < parts_.executor.capacity() && postponed < pending_.size()) {
        Run* const run = pending_.front();
        pending_.pop_front();
        if (start(*run)) continue;
        pending_.push_back(run);
        ++postponed;
    }
}

Run Dispatcher::placed(const Run& run) const {
    Run placed = run;
    if (run.stage == Stage::kScreen && parts_.sweep.screen) {
        for (const auto& [path, value] : parts_.sweep.screen->set) placed.parameters[path] = value;
    }
    return placed;
}

Configuration Dispatcher::configure(const Run& run) {
    if (auto found = prepared_.extract(run.id)) return std::move(found.mapped());
    std::optional<std::uint64_t> seed;
    if (!run.seed.empty()) seed = std::stoull(run.seed);
    return parts_.configurator.configure(placed(run).parameters, seed);
}

void Dispatcher::prepare_next() {
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

bool Dispatcher::start(Run& run) {
    Configuration configuration;
    try {
        configuration = configure(run);
    } catch (const InputError& error) {
        on_end_(run, {Status::kInfeasible, findings(error), {}, {}, 0.0, 0}, false);
        return true;
    }
    std::string key =
        script_hash_.empty() ? configuration.key : content_hash(configuration.key + script_hash_);
    if (chips_.contains(key)) {
        prepared_.emplace(run.id, std::move(configuration));
        return false;
    }
    run.key = std::move(key);
    parts_.store.start(run.id, run.key,
                       {seamount::json_text(nlohmann::json(configuration.arguments)),
                        configuration.chip->text, configuration.network->text, tools::version()});
    if (const auto known = known_result(run, configuration)) {
        ++cached_;
        on_end_(run, *known, true);
    } else {
        submit(run, configuration);
    }
    return true;
}

std::optional<Result> Dispatcher::known_result(const Run& run, const Configuration& configuration) {
    std::optional<Result> known = parts_.store.find(run.key);
    if (!known && parts_.cache != nullptr) known = parts_.cache->find(run.key);
    // Objectives are this sweep's; what they are computed from is the same.
    if (known && known->status == Status::kDone && script_hash_.empty()) {
        known = outcome_of(parts_.sweep, placed(run), *configuration.chip, *known).result;
    }
    return known;
}

void Dispatcher::submit(Run& run, const Configuration& configuration) {
    Job job;
    job.id = static_cast<std::uint64_t>(run.id);
    job.arguments = configuration.arguments;
    job.scripts = scripts_;
    job.time_s = parts_.sweep.limits.time_s;
    job.memory_mb = parts_.sweep.limits.memory_mb;
    chips_[run.key] = configuration.chip;
    running_[job.id] = &run;
    parts_.executor.submit(std::move(job));
}

void Dispatcher::collect(const std::vector<JobResult>& all) {
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
        ++executed_;
        const Result result = outcome_of(parts_.sweep, placed(run), *chip, ended).result;
        if (parts_.cache != nullptr) parts_.cache->keep(run.key, result);
        on_end_(run, result, false);
    }
}

}  // namespace seamount::explore
