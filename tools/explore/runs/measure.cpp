#include "tools/explore/runs/measure.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <csignal>
#include <cstring>
#include <utility>

#include "isa/base/json.hpp"

namespace seamount::explore {
namespace {

/// Keys of a summary that differ from run to run of the same point, or with where it lies.
constexpr std::array<const char*, 4> kNoCounters{"wall_s", "steps_per_s", "peak_rss_bytes",
                                                 "hashes"};
constexpr std::size_t kMostReason = 2000;  ///< characters

/// Why something did not end well.
struct Complaint {
    Trouble trouble = Trouble::kNone;
    std::string text;

    explicit operator bool() const noexcept { return trouble != Trouble::kNone; }
};

/// With its code.
Complaint complaint(Trouble trouble, const std::string& text, const std::string& detail = {}) {
    return {trouble, fmt::format("{} [{}]{}", text, name_of(kTroubleCodes, trouble), detail)};
}

void flatten(const Json& json, const std::string& path, Assignment& out) {
    if (json.is_object()) {
        for (const auto& [key, value] : json.items()) {
            flatten(value, path.empty() ? key : path + '.' + key, out);
        }
    } else if (json.is_number()) {
        out[path] = json.get<double>();
    } else if (json.is_string()) {
        out[path] = json.get<std::string>();
    }
}

std::string shortened(std::string text) {
    while (!text.empty() && text.back() == '\n') text.pop_back();
    if (text.size() > kMostReason) text = text.substr(0, kMostReason) + "...";
    return text;
}

/// Of a process that had to be ended, or that a signal ended.
Complaint complaint_of_end(const Ended& ended, const std::string& what, const PointLimits& limits) {
    if (ended.timed_out) {
        return complaint(Trouble::kTime, fmt::format("{} took longer than limits.time_s = {} s",
                                                     what, limits.time_s));
    }
    if (ended.code != -1) return {};
    return complaint(Trouble::kCrash, fmt::format("{} ended by signal {} ({})", what, ended.signal,
                                                  strsignal(ended.signal)));
}

/// Says so itself; where not even its libraries find room it cannot.
bool lacked_memory(const JobResult& ended) {
    return !ended.run.timed_out && ended.run.code != 0 &&
           (!ended.record || ended.said(EndStatus::kOutOfMemory));
}

Complaint complaint_of_run(const JobResult& ended, const PointLimits& limits) {
    if (limits.memory_mb > 0.0 && lacked_memory(ended)) {
        return complaint(
            Trouble::kMemory,
            fmt::format("the run needs more than limits.memory_mb = {} MB", limits.memory_mb));
    }
    if (Complaint found = complaint_of_end(ended.run, "the run", limits)) return found;
    if (ended.run.code == 0) {
        if (ended.said(EndStatus::kDone)) return {};
        return complaint(Trouble::kCrash, "the run wrote no summary");
    }
    // Without a record it was not reached, and who says why is the system.
    std::string said = shortened(ended.record ? words_of(*ended.record) : ended.run.err);
    if (said.empty()) said = fmt::format("exit code {}", ended.run.code);
    return {Trouble::kRun, std::move(said)};
}

Complaint complaint_of_script(const Ended& ended, const std::string& name,
                              const PointLimits& limits) {
    if (Complaint found = complaint_of_end(ended, name, limits)) return found;
    if (ended.code == 0) return {};
    const std::string said = shortened(ended.err);
    return complaint(Trouble::kScript, fmt::format("{} ended with exit code {}", name, ended.code),
                     said.empty() ? said : ": " + said);
}

/// The number that a script printed: alone, or as the `value` of a JSON object.
double printed_value(const std::string& text) {
    const Json json = parse_json(text);
    if (json.is_number()) return json.get<double>();
    if (json.is_object() && json.contains("value") && json["value"].is_number()) {
        return json["value"].get<double>();
    }
    return std::nan("");
}

/// Everything a formula may use: parameters, the summary and what follows from both.
Assignment quantities(const Sweep& sweep, const Json& summary, const Run& run,
                      const ResolvedChip& chip) {
    Assignment all = run.parameters;
    sweep.space.derive(all);
    flatten(summary, "", all);
    const auto bits = static_cast<double>(chip.core_memory_bits);
    const auto set = [&all](Proxy proxy, double value) {
        all[std::string{name_of(kProxyNames, proxy)}] = value;
    };
    set(Proxy::kCore, bits);
    set(Proxy::kChip, bits * static_cast<double>(chip.cores));
    const auto cores = all.find("cores");
    if (cores != all.end() && std::holds_alternative<double>(cores->second)) {
        set(Proxy::kUsed, bits * std::get<double>(cores->second));
    }
    return all;
}

/// Fills in the objectives of a run that is done.
Complaint measure(const Sweep& sweep, const Assignment& known, const std::vector<Ended>& scripts,
                  Result& result) {
    const auto names = sweep.space.names();
    Json values = Json::object();
    std::size_t script = 0;
    for (const Objective& objective : sweep.objectives) {
        double value = std::nan("");
        if (const Formula* formula = objective.formula()) {
            value = formula->evaluate([&](const std::string& name) -> const Value* {
                const auto direct = known.find(name);
                return direct != known.end() ? &direct->second : lookup_in(known, names)(name);
            });
        } else {
            const Ended& said = scripts.at(script++);
            Complaint found = complaint_of_script(said, objective.source_text(), sweep.limits);
            if (found) return found;
            value = printed_value(said.out);
        }
        if (!std::isfinite(value)) {
            return complaint(Trouble::kObjective,
                             fmt::format("objective '{}' has no value: {}", objective.name,
                                         objective.source_text()));
        }
        values[objective.name] = value;
    }
    result.measures = seamount::json_text(values);
    return {};
}

/// `result` with what follows from the summary of a run that is done.
Complaint measure(const Sweep& sweep, const Run& run, const ResolvedChip& chip,
                  const std::string& text, const std::vector<Ended>& scripts, Result& result) {
    result.summary = counters_of(text);
    if (result.summary.empty()) return complaint(Trouble::kCrash, "the run wrote no summary");
    const Json summary = parse_json_or_throw(result.summary);
    return measure(sweep, quantities(sweep, summary, run, chip), scripts, result);
}

Outcome outcome(Result result, Complaint found) {
    result.status = found ? Status::kFailed : Status::kDone;
    result.reason = std::move(found.text);
    return {std::move(result), found.trouble};
}

}  // namespace

Assignment flatten(const std::string& summary) {
    Assignment out;
    flatten(parse_json(summary), "", out);
    return out;
}

std::string counters_of(const std::string& text) {
    Json summary = parse_json(text);
    if (!summary.is_object()) return {};
    for (const char* key : kNoCounters) summary.erase(key);
    return summary.dump(-1, ' ', false, Json::error_handler_t::replace);
}

bool was_killed(const JobResult& ended) {
    const auto killed = [](const Ended& process) {
        return !process.timed_out && (process.signal == SIGKILL || process.signal == SIGTERM ||
                                      process.signal == SIGHUP || process.signal == SIGINT);
    };
    if (killed(ended.run)) return true;
    for (const Ended& script : ended.scripts) {
        if (killed(script)) return true;
    }
    return false;
}

Outcome outcome_of(const Sweep& sweep, const Run& run, const ResolvedChip& chip,
                   const JobResult& ended) {
    Result result;
    result.wall_s = ended.run.wall_s;
    result.peak_rss_bytes = ended.run.peak_rss_bytes;
    if (Complaint found = complaint_of_run(ended, sweep.limits)) {
        const bool misfit =
            found.trouble == Trouble::kRun && ended.record && is_infeasible(*ended.record);
        Outcome failed = outcome(std::move(result), std::move(found));
        if (misfit) failed.result.status = Status::kInfeasible;
        return failed;
    }
    Complaint found = measure(sweep, run, chip, ended.record->summary, ended.scripts, result);
    return outcome(std::move(result), std::move(found));
}

Outcome outcome_of(const Sweep& sweep, const Run& run, const ResolvedChip& chip,
                   const Result& known) {
    Result result;
    result.wall_s = known.wall_s;
    result.peak_rss_bytes = known.peak_rss_bytes;
    Complaint found = measure(sweep, run, chip, known.summary, {}, result);
    return outcome(std::move(result), std::move(found));
}

}  // namespace seamount::explore
