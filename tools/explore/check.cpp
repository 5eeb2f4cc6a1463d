#include "tools/explore/check.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "isa/chip/chip_spec.hpp"
#include "isa/yaml/yaml_paths.hpp"
#include "tools/explore/runs/measure.hpp"
#include "tools/explore/strategy/design.hpp"
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

/// Checks one path after the other; problems are at the place of the parameter in the sweep.
class PathChecker {
public:
    PathChecker(const Sweep& sweep, const RunOptions& options, Diagnostics& found)
        : sweep_{sweep}, options_{options}, found_{found} {}

    void check(const std::string& path, const Value& value, const SourceLocation& where) {
        if (bad_.contains(path)) return;
        const std::string name = path.substr(path.find('.') + 1);
        if (path.starts_with("chip.")) return check_chip(path, name, value, where);
        if (path.starts_with("network.")) return check_network(path, name, value, where);
        check_option(path, name, value, where);
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
        const bool is_path = first.code.starts_with("CLI-SET");
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
            (void)yaml::network_tree(sweep_.network, settings, problems);
        } catch (const InputError& error) {
            if (!network_bad_) found_.add(error);
            network_bad_ = true;
            return;
        }
        for (Diagnostic problem : problems.all()) {
            if (problem.where.file != "--set") continue;
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

/// `arguments` for one step, or one sample of a dataset, with the ideal mesh's speed.
std::vector<std::string> shortened(std::vector<std::string> arguments, const char* length) {
    for (std::size_t i = 0; i + 1 < arguments.size();) {
        if (arguments[i] == "--steps" || arguments[i] == "--samples") {
            arguments.erase(arguments.begin() + static_cast<std::ptrdiff_t>(i),
                            arguments.begin() + static_cast<std::ptrdiff_t>(i) + 2);
        } else {
            ++i;
        }
    }
    arguments.insert(arguments.end(), {length, "1"});
    return arguments;
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
    if (sweep.strategy.name == "nsga2" || sweep.strategy.name == "ask_tell") {
        for (const Place& place : latin_hypercube(sweep.space.parameters.size(), 64, 1)) {
            if (auto point = sweep.space.at(place)) points.push_back(std::move(*point));
        }
    } else {
        points = points_of(sweep);
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
    const Result result = result_of(sweep, run, chip, ended);
    if (result.status == Status::kDone) return;
    Diagnostics found;
    const Assignment keys = flatten(ended.run.out);
    for (const Objective& objective : sweep.objectives) {
        if (!objective.formula) continue;
        for (const std::string& name : objective.formula->names()) {
            const auto names = sweep.space.names();
            if (keys.contains(name) || names.contains(name) || name == "core_memory_bits" ||
                name == "chip_memory_bits" || name == "used_memory_bits") {
                continue;
            }
            std::vector<std::string> known{"core_memory_bits", "chip_memory_bits",
                                           "used_memory_bits"};
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
        if (result.reason.find("[EXP-SCRIPT]") == std::string::npos) return;
        found.error("EXP-SCRIPT", sweep.objectives.front().where, result.reason,
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
    std::vector<std::string> scripts;
    for (const Objective& objective : sweep.objectives) {
        if (!objective.formula) scripts.push_back(std::filesystem::absolute(objective.script));
    }
    for (const Assignment& point : some_points(sweep)) {
        Configuration configuration;
        try {
            configuration = configurator.configure(point, std::nullopt);
        } catch (const InputError&) {
            continue;  // this point's own affair
        }
        const char* const length =
            configuration.network->text.find("\"dataset\"") == std::string::npos ? "--steps"
                                                                                 : "--samples";
        const JobResult ended =
            execute(executor, sweep, shortened(configuration.arguments, length), scripts);
        Run run;
        run.parameters = point;
        if (ended.run.code == 0) {
            return report_objectives(sweep, run, *configuration.chip, ended);
        }
        const Result result = result_of(sweep, run, *configuration.chip, ended);
        if (result.status == Status::kInfeasible || ended.run.code != 2) continue;
        throw InputError{
            Diagnostic{"EXP-RUN",
                       {sweep.file.string(), 0, 0},
                       fmt::format("the point {} cannot run: {}", to_string(point), result.reason),
                       "",
                       Severity::kError}};
    }
}

}  // namespace seamount::explore
