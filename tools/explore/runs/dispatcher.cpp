#include "tools/explore/runs/dispatcher.hpp"

#include <fmt/format.h>

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
std::string script_hash(const Sweep& sweep, InputFiles& files) {
    std::string text;
    bool any = false;
    for (const Objective& objective : sweep.objectives) {
        const Script* const script = objective.script();
        any = any || script != nullptr;
        text += objective.name + ' ';
        if (script == nullptr) {
            text += objective.source_text();
        } else {
            for (const auto& file : script_files(script->file)) text += files.hash(file) + ' ';
        }
        text += '\n';
    }
    return any ? content_hash(text) : std::string{};
}

}  // namespace

Dispatcher::Dispatcher(const Parts& parts, OnEnd on_end)
    : parts_{parts},
      on_end_{std::move(on_end)},
      scripts_{parts.sweep.scripts()},
      script_hash_{script_hash(parts.sweep, parts.configurator.files())} {}

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
            continue;  // it is told when the run starts, also that a file has changed
        }
        return;
    }
}

bool Dispatcher::start(Run& run) {
    Configuration configuration;
    try {
        configuration = configure(run);
    } catch (const InputChanged&) {
        pending_.push_front(&run);
        throw;
    } catch (const InputError& error) {
        on_end_(run, {Status::kInfeasible, findings(error), {}, {}, 0.0, 0}, false);
        return true;
    }
    std::string key =
        script_hash_.empty() ? configuration.key : content_hash(configuration.key + script_hash_);
    if (is_under_way(key)) {
        prepared_.emplace(run.id, std::move(configuration));
        return false;
    }
    run.key = std::move(key);
    parts_.store.start(run.id, run.key,
                       {seamount::json_text(nlohmann::json(configuration.arguments)),
                        configuration.chip->text, configuration.network->text,
                        fmt::format("{} {}", tools::version(), parts_.configurator.build())});
    if (const auto known = known_result(run, configuration)) {
        ++cached_;
        on_end_(run, *known, true);
        return true;
    }
    const std::optional<Cache::Entry> simulation = known_simulation(configuration.key);
    if (!simulation) {
        submit(run, configuration, {});
    } else if (simulation->result.status == Status::kDone && !scripts_.empty()) {
        submit(run, configuration, simulation->result.summary);
    } else {
        ++cached_;
        Result result = simulation->result;
        if (result.status == Status::kDone) {
            // Objectives are this sweep's; what they are computed from is the same.
            result = outcome_of(parts_.sweep, placed(run), *configuration.chip, result).result;
        }
        on_end_(run, result, true);
    }
    return true;
}

bool Dispatcher::is_under_way(const std::string& key) const {
    return std::any_of(running_.begin(), running_.end(),
                       [&key](const auto& entry) { return entry.second.run->key == key; });
}

std::optional<Result> Dispatcher::known_result(const Run& run, const Configuration& configuration) {
    std::optional<Result> known = parts_.store.find(run.key);
    if (known && known->status == Status::kDone && script_hash_.empty()) {
        known = outcome_of(parts_.sweep, placed(run), *configuration.chip, *known).result;
    }
    return known;
}

std::optional<Cache::Entry> Dispatcher::known_simulation(const std::string& key) {
    if (parts_.cache == nullptr) return std::nullopt;
    std::optional<Cache::Entry> entry = parts_.cache->find(key);
    if (!entry) return std::nullopt;
    Configurator& configurator = parts_.configurator;
    for (const auto& [name, hash] : entry->files) {
        if (configurator.files().hash(configurator.file_of(name)) != hash) return std::nullopt;
    }
    return entry;
}

void Dispatcher::submit(Run& run, const Configuration& configuration, const std::string& summary) {
    Job job;
    job.id = static_cast<std::uint64_t>(run.id);
    job.request = session::text_of(configuration.request);
    job.summary = summary;
    job.scripts = scripts_;
    job.time_s = parts_.sweep.limits.time_s;
    job.memory_mb = parts_.sweep.limits.memory_mb;
    running_[job.id] = {&run, configuration.chip, configuration.key, !summary.empty()};
    parts_.executor.submit(std::move(job));
}

FileHashes Dispatcher::further_files(const ResultRecord& record) {
    FileHashes further;
    Configurator& configurator = parts_.configurator;
    const std::vector<std::filesystem::path> known = configurator.files().paths();
    for (const auto& [path, hash] : record.files) {
        if (configurator.files().hash(path) != hash) changed_ = path;
        if (!std::binary_search(known.begin(), known.end(), std::filesystem::path{path})) {
            further[configurator.name_of(path)] = hash;
        }
    }
    if (!record.build.empty() && record.build != configurator.build()) changed_ = "seamount";
    return further;
}

void Dispatcher::collect(const std::vector<JobResult>& all) {
    if (all.empty()) return;
    const InputFiles::Found found = parts_.configurator.files().look();
    if (found.change == Change::kOther) changed_ = found.path;
    for (const JobResult& ended : all) {
        const auto place = running_.find(ended.id);
        const UnderWay under_way = std::move(place->second);
        running_.erase(place);
        finish(under_way, ended, found.change != Change::kNone);
    }
}

void Dispatcher::finish(const UnderWay& under_way, const JobResult& ended, bool touched) {
    Run& run = *under_way.run;
    FileHashes further;
    if (ended.record) further = further_files(*ended.record);
    if (!changed_.empty()) {
        parts_.store.wait_again(run.id);
        return;
    }
    ++run.attempts;
    if ((was_killed(ended) || touched) && run.attempts < kMaxAttempts) {
        parts_.store.retry(run.id);
        pending_.push_back(&run);
        return;
    }
    const Result result = outcome_of(parts_.sweep, placed(run), *under_way.chip, ended).result;
    if (under_way.is_known) {
        ++cached_;
    } else {
        ++executed_;
        parts_.store.add_files(further);
        if (parts_.cache != nullptr) parts_.cache->keep(under_way.simulation, {result, further});
    }
    on_end_(run, result, under_way.is_known);
}

void Dispatcher::cancel() {
    parts_.executor.cancel();
    for (const auto& [id, under_way] : running_) parts_.store.wait_again(under_way.run->id);
    running_.clear();
}

}  // namespace seamount::explore
