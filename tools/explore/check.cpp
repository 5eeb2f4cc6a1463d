#include "tools/explore/check.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "isa/chip/chip_spec.hpp"
#include "isa/yaml/yaml_paths.hpp"
#include "tools/explore/runs/measure.hpp"
#include "tools/explore/strategy/design.hpp"
#include "tools/explore/strategy/strategy.hpp"
#include "tools/session/settings.hpp"

namespace seamount::explore {
namespace {

constexpr std::size_t kMostChecked = 64;  ///< values of one parameter, first and last included
constexpr std::size_t kMostProbed = 8;    ///< points to find one that fits the chip

std::vector<Value> values_to_check(const Domain& domain) {
    if (domain.is_interval()) return {domain.at(0.0), domain.at(0.999999999)};
    if (domain.levels.size() <= kMostChecked) return domain.levels;
    std::vector<Value> some;
    for (std::size_t i = 0; i < kMostChecked; ++i) {
        some.push_back(domain.levels[i * (domain.levels.size() - 1) / (kMostChecked - 1)]);
    }
    return some;
}

/// Codes of findings that are about the path of an assignment, not about its value.
enum class AssignmentCode : std::uint8_t { kForm, kPath, kUnknown };
constexpr auto kAssignmentCodes =
    name_table<AssignmentCode>({{AssignmentCode::kForm, "CLI-SET"},
                                {AssignmentCode::kPath, "CLI-SET-PATH"},
                                {AssignmentCode::kUnknown, "CLI-SET-UNKNOWN"}});

/// Checks one path after the other; problems are at the place of the parameter in the sweep.
class PathChecker {
public:
    PathChecker(const Sweep& sweep, const RunOptions& options, Diagnostics& found)
        : sweep_{sweep}, options_{options}, found_{found} {}

    void check(const std::string& path, const Value& value, const SourceLocation& where) {
        if (bad_.contains(path)) return;
        const std::string name = without_root(path);
        switch (root_of(path).value_or(Root::kRun)) {
            case Root::kChip:
                return check_chip(path, name, value, where);
            case Root::kNetwork:
                return check_network(path, name, value, where);
            case Root::kCompile:
            case Root::kRun:
                return check_option(path, name, value, where);
        }
    }

    /// Checks the path alone: a derived value may be legal only beside the others of its point.
    void check_name(const std::string& path, const Value& value, const SourceLocation& where) {
        names_only_ = true;
        check(path, value, where);
        names_only_ = false;
    }

private:
    void report(const std::string& code, const std::string& path, const SourceLocation& where,
                const std::string& message, const std::string& hint = {}) {
        bad_.insert(path);
        found_.error(code, where, message, hint);
    }

    void unknown(const std::string& path, const std::string& name, const SourceLocation& where,
                 const char* what, const std::vector<std::string>& known) {
        const std::string near = closest(name, known);
        report("EXP-PATH", path, where, fmt::format("{} has no '{}'", what, name),
               near.empty()
                   ? fmt::format("known there: {}", fmt::join(known, ", "))
                   : fmt::format("did you mean '{}{}'?", path.substr(0, path.find('.') + 1), near));
    }

    void complain(const std::string& path, const Value& value, const SourceLocation& where,
                  const Diagnostic& first) {
        const bool is_path = parse(kAssignmentCodes, first.code).has_value();
        if (names_only_ && !is_path) return;
        report(is_path ? "EXP-PATH" : "EXP-VALUE", path, where,
               fmt::format("{} = {}: {}", path, to_string(value), first.message), first.hint);
    }

    void check_chip(const std::string& path, const std::string& name, const Value& value,
                    const SourceLocation& where) {
        const Settings settings = session::settings_of({name + '=' + to_string(value)});
        try {
            (void)session::load_chip(sweep_.chip, settings);
        } catch (const InputError& error) {
            // A chip that cannot be read at all is reported once, by itself.
            if (base_chip_is_good()) complain(path, value, where, error.diagnostics().front());
            return;
        }
        if (!settings.unused().empty()) {
            unknown(path, name, where, "the chip", settings.declared());
        }
    }

    bool base_chip_is_good() {
        if (chip_checked_) return chip_good_;
        chip_checked_ = true;
        try {
            (void)session::load_chip(sweep_.chip, {});
        } catch (const InputError& error) {
            chip_good_ = false;
            found_.add(error);
        }
        return chip_good_;
    }

    void check_network(const std::string& path, const std::string& name, const Value& value,
                       const SourceLocation& where) {
        const Settings settings = session::settings_of({name + '=' + to_string(value)});
        Diagnostics problems;
        try {
            (void)yaml::network_tree(sweep_.network_file(), settings, problems);
        } catch (const InputError& error) {
            if (!network_bad_) found_.add(error);
            network_bad_ = true;
            return;
        }
        for (Diagnostic problem : problems.all()) {
            if (problem.where.file != yaml::command_line().location().file) continue;
            static const std::string kNear = "did you mean '";
            if (problem.hint.starts_with(kNear)) problem.hint.insert(kNear.size(), "network.");
            return complain(path, value, where, problem);
        }
        if (!settings.unused().empty()) {
            const bool is_path = name.find('.') != std::string::npos;
            unknown(path, name, where, is_path ? "the network" : "vars: of the network",
                    is_path ? std::vector<std::string>{"populations", "projections", "inputs",
                                                       "learning", "probes", "readout"}
                            : settings.declared());
        }
    }

    void check_option(const std::string& path, const std::string& name, const Value& value,
                      const SourceLocation& where) {
        std::string option = name;
        std::replace(option.begin(), option.end(), '_', '-');
        const auto& known = options_.names;
        if (std::find(known.begin(), known.end(), option) == known.end()) {
            return unknown(path, option, where, "'seamount run'", known);
        }
        if (names_only_) return;
        const auto complaint =
            options_.complaint({"run", sweep_.network.string(), "--" + option, to_string(value)});
        if (complaint) {
            report("EXP-VALUE", path, where,
                   fmt::format("{} = {}: {}", path, to_string(value), *complaint));
        }
    }

    const Sweep& sweep_;
    const RunOptions& options_;
    Diagnostics& found_;
    std::set<std::string> bad_;  ///< one complaint for each path is enough
    bool names_only_ = false;
    bool chip_checked_ = false;
    bool chip_good_ = true;
    bool network_bad_ = false;
};

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

JobResult execute(Executor& executor, const Sweep& sweep, std::vector<std::string> arguments,
                  std::vector<std::string> scripts) {
    executor.submit(
        {0, std::move(arguments), std::move(scripts), sweep.limits.time_s, sweep.limits.memory_mb});
    for (;;) {
        auto ended = executor.wait(1.0);
        if (!ended.empty()) return std::move(ended.front());
    }
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

void report_objectives(const Sweep& sweep, const Run& run, const ResolvedChip& chip,
                       const JobResult& ended) {
    const Outcome outcome = outcome_of(sweep, run, chip, ended);
    if (outcome.trouble == Trouble::kNone) return;
    Diagnostics found;
    const Assignment keys = flatten(ended.record->summary);
    for (const Objective& objective : sweep.objectives) {
        if (objective.formula() == nullptr) continue;
        for (const std::string& name : objective.formula()->names()) {
            if (keys.contains(name) || sweep.space.names().contains(name) ||
                parse(kProxyNames, name)) {
                continue;
            }
            std::vector<std::string> known = names(kProxyNames);
            for (const auto& [key, value] : keys) known.push_back(key);
            const std::string near = closest(name, known);
            found.error(
                "EXP-OBJECTIVE", objective.where,
                fmt::format("objective '{}' uses '{}', which is no key of the run's summary",
                            objective.name, name),
                near.empty() ? fmt::format("known: {}", fmt::join(known, ", "))
                             : fmt::format("did you mean '{}'?", near));
        }
    }
    if (!found.has_errors()) {
        // A value may be missing in one step and there in a thousand: only a script's fault counts.
        if (outcome.trouble != Trouble::kScript) return;
        found.error("EXP-SCRIPT", sweep.objectives.front().where, outcome.result.reason,
                    "it gets the summary as JSON on stdin and prints a number");
    }
    found.throw_if_errors();
}

}  // namespace

void check_paths(const Sweep& sweep, const RunOptions& options) {
    Diagnostics found;
    PathChecker checker{sweep, options, found};
    for (const auto& [path, value] : sweep.space.fixed) {
        checker.check(path, value, {sweep.file.string(), 0, 0});
    }
    for (const Parameter& parameter : sweep.space.parameters) {
        for (const Value& value : values_to_check(parameter.domain)) {
            checker.check(parameter.path, value, parameter.where);
        }
    }
    for (const Place& place : latin_hypercube(sweep.space.parameters.size(), kMostProbed, 1)) {
        const auto point = sweep.space.at(place);
        if (!point) continue;
        for (const Derived& derived : sweep.space.derived) {
            const auto value = point->find(derived.path);
            if (value != point->end())
                checker.check_name(derived.path, value->second, derived.where);
        }
    }
    if (sweep.screen) {
        for (const auto& [path, value] : sweep.screen->set) {
            checker.check(path, value, {sweep.file.string(), 0, 0});
        }
    }
    found.throw_if_errors();
}

void check_objectives(const Sweep& sweep, Configurator& configurator, Executor& executor) {
    for (const Assignment& point : some_points(sweep)) {
        Configuration configuration;
        try {
            configuration = shortened(point, configurator);
        } catch (const InputError&) {
            continue;  // this point's own affair
        }
        const JobResult ended = execute(executor, sweep, configuration.arguments, sweep.scripts());
        Run run;
        run.parameters = point;
        if (ended.run.code == 0 && ended.said(EndStatus::kDone)) {
            return report_objectives(sweep, run, *configuration.chip, ended);
        }
        if (!ended.said(EndStatus::kBadInput)) continue;
        const Result result = outcome_of(sweep, run, *configuration.chip, ended).result;
        if (result.status == Status::kInfeasible) continue;
        throw InputError{
            Diagnostic{"EXP-RUN",
                       {sweep.file.string(), 0, 0},
                       fmt::format("the point {} cannot run: {}", to_string(point), result.reason),
                       "",
                       Severity::kError}};
    }
}

}  // namespace seamount::explore
