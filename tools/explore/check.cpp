#include "tools/explore/check.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "isa/base/text.hpp"
#include "tools/explore/runs/measure.hpp"
#include "tools/explore/strategy/design.hpp"
#include "tools/explore/strategy/strategy.hpp"

namespace seamount::explore {
namespace {

constexpr std::size_t kMostProbed = 8;  ///< points to find one that fits the chip

/// How long a run is, as paths of a point.
constexpr const char* kSteps = "run.steps";
constexpr const char* kSamples = "run.samples";

/// The point for one step, or for one sample of a dataset.
Configuration shortened(Assignment point, Configurator& configurator) {
    const bool has_dataset = configurator.network(assignments_of(point))->has_dataset;
    point.erase(kSteps);
    point.erase(kSamples);
    point[has_dataset ? kSamples : kSteps] = 1.0;
    return configurator.configure(point, std::nullopt);
}

/// Nothing if the time is up before it has ended.
std::optional<JobResult> execute(Executor& executor, const Sweep& sweep,
                                 const session::RunRequest& request, Trial trial,
                                 const std::function<bool()>& is_over) {
    Job job;
    job.request = session::text_of(request);
    if (trial == Trial::kRun) job.scripts = sweep.scripts();
    job.time_s = sweep.limits.time_s;
    job.memory_mb = sweep.limits.memory_mb;
    executor.submit(std::move(job));
    while (!is_over()) {
        auto ended = executor.wait(0.1);
        if (!ended.empty()) return std::move(ended.front());
    }
    executor.cancel();
    return std::nullopt;
}

std::vector<Assignment> some_points(const Sweep& sweep) {
    std::vector<Assignment> points;
    if (is_design(sweep.strategy.kind)) {
        points = points_of(sweep);
    } else {
        for (const Place& place : latin_hypercube(sweep.space.parameters.size(), 64, 1)) {
            if (auto point = sweep.space.at(place)) points.push_back(std::move(*point));
        }
    }
    if (points.empty()) {
        throw InputError{Diagnostic{"EXP-EMPTY",
                                    {sweep.file.string(), 0, 0},
                                    "the constraints exclude every point that was tried",
                                    "loosen a constraint or give the parameters other values",
                                    Severity::kError}};
    }
    // Spread over the sweep: neighbours fail alike.
    std::vector<Assignment> chosen;
    const std::size_t count = std::min(kMostProbed, points.size());
    for (std::size_t i = 0; i < count; ++i) chosen.push_back(points[i * points.size() / count]);
    return chosen;
}

/// Nothing is run and nothing is written.
void make_dry(session::RunRequest& request) {
    request.dry = true;
    request.mapping.cache.clear();
}

/// Keys of the summary that only some networks have.
const std::map<std::string, const char*>& conditional_keys() {
    static constexpr const char* kScored =
        "a network has it that has a dataset with labels and a 'readout:'";
    static constexpr const char* kSampled = "a network has it that has a dataset";
    static const std::map<std::string, const char*> keys{
        {"accuracy", kScored},
        {"correct", kScored},
        {"unanswered", kScored},
        {"reference_accuracy", "a network has it whose 'readout:' names one"},
        {"samples", kSampled},
        {"per_sample.energy_j", kSampled},
        {"per_sample.input_spikes", kSampled},
        {"per_sample.modelled_time_s", kSampled},
        {"per_sample.spikes", kSampled},
        {"per_sample.synaptic_events", kSampled}};
    return keys;
}

/// Numbers of a summary that formulas can use; of large blocks only their names.
std::vector<std::string> known_numbers(const Assignment& keys) {
    constexpr std::size_t kMostListed = 6;
    // Of energy_j.populations.out.spikes all populations are one block.
    const auto block_of = [](const std::string& key) {
        const std::size_t second = key.find('.', key.find('.') + 1);
        return key.substr(
            0, std::min(second == std::string::npos ? key.rfind('.') : second, key.size()));
    };
    std::map<std::string, std::size_t> sizes;
    for (const auto& [key, value] : keys) ++sizes[block_of(key)];
    std::vector<std::string> known = names(kProxyNames);
    for (const auto& [key, value] : keys) {
        if (!std::holds_alternative<double>(value)) continue;
        const std::string block = block_of(key);
        std::string name = sizes[block] > kMostListed ? block + ".*" : key;
        if (known.back() != name) known.push_back(std::move(name));
    }
    return known;
}

/// What may have been meant by a name that is no key of this summary.
std::string hint_about(const std::string& name, const Assignment& keys) {
    if (const auto entry = conditional_keys().find(name); entry != conditional_keys().end()) {
        return entry->second;
    }
    std::vector<std::string> known = names(kProxyNames);
    for (const auto& [key, value] : keys) known.push_back(key);
    for (const auto& [key, value] : conditional_keys()) known.push_back(key);
    return did_you_mean(name, known,
                        fmt::format("known: {}; 'seamount run --json -' prints all",
                                    fmt::join(known_numbers(keys), ", ")));
}

/// Names of formulas that are neither keys of the summary nor of the sweep.
void report_unknown_names(const Sweep& sweep, const std::string& summary, Diagnostics& found) {
    const Assignment keys = flatten(summary);
    for (const Objective& objective : sweep.objectives) {
        if (objective.formula() == nullptr) continue;
        for (const std::string& name : objective.formula()->names()) {
            if (keys.contains(name) || sweep.space.names().contains(name) ||
                parse(kProxyNames, name)) {
                continue;
            }
            found.error(
                "EXP-OBJECTIVE", objective.where,
                fmt::format("objective '{}' uses '{}', which is no key of the run's summary",
                            objective.name, name),
                hint_about(name, keys));
        }
    }
}

void report_objectives(const Sweep& sweep, const Run& run, const ResolvedChip& chip,
                       const JobResult& ended, Trial trial) {
    Diagnostics found;
    report_unknown_names(sweep, ended.record->summary, found);
    if (!found.has_errors() && trial == Trial::kRun) {
        const Outcome outcome = outcome_of(sweep, run, chip, ended);
        // A value may be missing in one step and there in a thousand: only a script's fault counts.
        if (outcome.trouble != Trouble::kScript) return;
        found.error("EXP-SCRIPT", sweep.objectives.front().where, outcome.result.reason,
                    "it gets the summary as JSON on stdin and prints a number");
    }
    found.throw_if_errors();
}

/// Whether points have a value of this path, some or all.
bool says(const Sweep& sweep, const char* path) {
    const auto is_it = [path](const auto& one) { return one.path == path; };
    return sweep.space.places.contains(path) ||
           std::ranges::any_of(sweep.space.parameters, is_it) ||
           std::ranges::any_of(sweep.space.derived, is_it);
}

}  // namespace

void check_length(const Sweep& sweep, Configurator& configurator, Diagnostics& found) {
    if (says(sweep, kSteps)) return;
    try {
        if (configurator.network(assignments_of(sweep.space.fixed))->has_dataset) return;
    } catch (const InputChanged&) {
        throw;
    } catch (const InputError&) {
        return;
    }
    const bool has_samples = says(sweep, kSamples);
    found.error(has_samples ? "CLI-SAMPLES" : "CLI-STEPS", {sweep.file.string(), 0, 0},
                has_samples ? "run.samples needs a dataset, which the network has not"
                            : "the network has no dataset that says how long to run",
                fmt::format("set: {{{}: 100}}", kSteps));
}

void check_objective_names(const Sweep& sweep, const RunOptions& options, Executor& executor,
                           const std::function<bool()>& is_over, Diagnostics& found) {
    for (const Assignment& set : {sweep.space.fixed, Assignment{}}) {
        Assignment point = set;
        point.erase(kSamples);
        point[kSteps] = 1.0;
        auto reading = options.read(words_of(sweep, point, std::nullopt));
        if (reading.wrong) continue;
        make_dry(reading.request);
        const auto ended = execute(executor, sweep, reading.request, Trial::kNone, is_over);
        if (!ended) return;
        if (!ended->said(EndStatus::kDone) || ended->record->summary.empty()) continue;
        return report_unknown_names(sweep, ended->record->summary, found);
    }
}

bool check_objectives(const Sweep& sweep, Configurator& configurator, Executor& executor,
                      Trial trial, const std::function<bool()>& is_over) {
    const std::vector<Assignment> points = some_points(sweep);
    std::vector<Diagnostic> wrong;  // of points that cannot even be: what was said first
    for (const Assignment& point : points) {
        Configuration configuration;
        try {
            configuration = shortened(point, configurator);
        } catch (const InputChanged&) {
            throw;
        } catch (const InputError& error) {
            wrong.push_back(error.diagnostics().front());
            continue;  // this point's own affair
        }
        if (trial == Trial::kNone) make_dry(configuration.request);
        const auto ended = execute(executor, sweep, configuration.request, trial, is_over);
        if (!ended) return false;
        Run run;
        run.parameters = point;
        if (ended->run.code == 0 && ended->said(EndStatus::kDone)) {
            report_objectives(sweep, run, *configuration.chip, *ended, trial);
            return true;
        }
        if (!ended->said(EndStatus::kBadInput)) continue;
        const Result result = outcome_of(sweep, run, *configuration.chip, *ended).result;
        if (result.status == Status::kInfeasible) continue;
        throw InputError{
            Diagnostic{"EXP-RUN",
                       {sweep.file.string(), 0, 0},
                       fmt::format("the point {} cannot run: {}", to_string(point), result.reason),
                       "",
                       Severity::kError}};
    }
    if (trial == Trial::kNone && wrong.size() == points.size()) {
        throw InputError{Diagnostic{"EXP-RUN",
                                    {sweep.file.string(), 0, 0},
                                    fmt::format("{} tried, none of which can be: the point {}: {}",
                                                counted(points.size(), "point"),
                                                to_string(points.front()), wrong.front().message),
                                    wrong.front().hint,
                                    Severity::kError}};
    }
    return true;
}

}  // namespace seamount::explore
