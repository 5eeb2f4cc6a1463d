#include "tools/explore/runs/measure.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <csignal>
#include <cstring>
#include <nlohmann/json.hpp>

namespace seamount::explore {
namespace {

using Json = nlohmann::ordered_json;

/// Keys of a summary that differ from run to run of the same point.
constexpr std::array<const char*, 3> kTimes{"wall_s", "steps_per_s", "peak_rss_bytes"};
constexpr std::size_t kMaxReason = 2000;

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
    if (text.size() > kMaxReason) text = text.substr(0, kMaxReason) + "...";
    return text;
}

/// Says so itself, or the loader for it where not even its libraries find room.
bool ran_out_of_memory(const std::string& said) {
    return said.find("bad_alloc") != std::string::npos ||
           said.find("Cannot allocate memory") != std::string::npos ||
           said.find("failed to map") != std::string::npos ||
           said.find("cannot map") != std::string::npos;  // the dynamic linker
}

/// Why a process did not end well; empty if it did.
std::string complaint(const Ended& ended, const Sweep& sweep, const std::string& what) {
    if (ended.timed_out) {
        return fmt::format("{} took longer than limits.time_s = {} s [EXP-TIME]", what,
                           sweep.limits.time_s);
    }
    if (ended.code != 0 && sweep.limits.memory_mb > 0.0 && ran_out_of_memory(ended.err)) {
        return fmt::format("{} needs more than limits.memory_mb = {} MB [EXP-MEMORY]", what,
                           sweep.limits.memory_mb);
    }
    if (ended.code == -1) {
        return fmt::format("{} ended by signal {} ({}) [EXP-CRASH]", what, ended.signal,
                           strsignal(ended.signal));
    }
    if (ended.code == 0) return {};
    const std::string said = shortened(ended.err);
    if (what == "the run") return said.empty() ? fmt::format("exit code {}", ended.code) : said;
    return fmt::format("{} ended with exit code {} [EXP-SCRIPT]{}{}", what, ended.code,
                       said.empty() ? "" : ": ", said);
}

bool is_infeasible(const Ended& ended) {
    if (ended.code != 2) return false;
    // Warnings may come before the error.
    const std::size_t error = ended.err.find(" error: ");
    const std::size_t code = error == std::string::npos ? error : ended.err.find(" [", error);
    return code != std::string::npos && (ended.err.compare(code + 2, 4, "CMP-") == 0 ||
                                         ended.err.compare(code + 2, 5, "CHIP-") == 0);
}

/// The number that a script printed: alone, or as the `value` of a JSON object.
double printed_value(const std::string& text) {
    const Json json = Json::parse(text, nullptr, false);
    if (json.is_number()) return json.get<double>();
    if (json.is_object() && json.contains("value") && json["value"].is_number()) {
        return json["value"].get<double>();
    }
    return std::nan("");
}

void fail(Result& result, std::string reason) {
    result.status = Status::kFailed;
    result.reason = std::move(reason);
}

/// Everything a formula may use: parameters, the summary and what follows from both.
Assignment quantities(const Sweep& sweep, const Json& summary, const Run& run,
                      const ResolvedChip& chip) {
    Assignment all = run.parameters;
    sweep.space.derive(all);
    flatten(summary, "", all);
    const auto bits = static_cast<double>(chip.core_memory_bits);
    all["core_memory_bits"] = bits;
    all["chip_memory_bits"] = bits * static_cast<double>(chip.cores);
    const auto cores = all.find("cores");
    if (cores != all.end() && std::holds_alternative<double>(cores->second)) {
        all["used_memory_bits"] = bits * std::get<double>(cores->second);
    }
    return all;
}

void measure(const Sweep& sweep, const Assignment& known, const JobResult& ended, Result& result) {
    const auto names = sweep.space.names();
    Json values = Json::object();
    std::size_t script = 0;
    for (const Objective& objective : sweep.objectives) {
        double value = std::nan("");
        std::string from;
        if (objective.formula) {
            from = objective.formula->text();
            value = objective.formula->evaluate([&](const std::string& name) -> const Value* {
                const auto direct = known.find(name);
                return direct != known.end() ? &direct->second : lookup_in(known, names)(name);
            });
        } else {
            from = objective.script.filename().string();
            const Ended& said = ended.scripts.at(script++);
            if (std::string why = complaint(said, sweep, from); !why.empty()) {
                return fail(result, std::move(why));
            }
            value = printed_value(said.out);
        }
        if (!std::isfinite(value)) {
            return fail(result, fmt::format("objective '{}' has no value: {} [EXP-OBJECTIVE]",
                                            objective.name, from));
        }
        values[objective.name] = value;
    }
    result.measures = values.dump();
}

}  // namespace

Assignment flatten(const std::string& summary) {
    Assignment out;
    flatten(Json::parse(summary, nullptr, false), "", out);
    return out;
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

Result result_of(const Sweep& sweep, const Run& run, const ResolvedChip& chip,
                 const JobResult& ended) {
    Result result;
    result.wall_s = ended.run.wall_s;
    result.peak_rss_bytes = ended.run.peak_rss_bytes;
    if (std::string why = complaint(ended.run, sweep, "the run"); !why.empty()) {
        fail(result, std::move(why));
        if (is_infeasible(ended.run)) result.status = Status::kInfeasible;
        return result;
    }
    Json summary = Json::parse(ended.run.out, nullptr, false);
    if (!summary.is_object()) {
        fail(result, "the run wrote no summary [EXP-CRASH]");
        return result;
    }
    result.status = Status::kDone;
    for (const char* key : kTimes) summary.erase(key);
    result.summary = summary.dump();
    measure(sweep, quantities(sweep, summary, run, chip), ended, result);
    return result;
}

std::map<std::string, double> values_of(const Result& result) {
    std::map<std::string, double> values;
    const Json json = Json::parse(result.measures, nullptr, false);
    if (!json.is_object()) return values;
    for (const auto& [name, value] : json.items()) {
        if (value.is_number()) values[name] = value.get<double>();
    }
    return values;
}

std::vector<Score> scores_of(const std::vector<Run>& runs, const std::string& stage,
                             const std::vector<std::string>& objectives) {
    std::vector<Score> scores;
    std::vector<std::vector<double>> samples;  // of the current point, by objective
    const auto close = [&] {
        if (scores.empty() || scores.back().status != Status::kDone) return;
        for (const std::vector<double>& values : samples) {
            double sum = 0.0;
            for (const double value : values) sum += value;
            const double mean = sum / static_cast<double>(values.size());
            double squares = 0.0;
            for (const double value : values) squares += (value - mean) * (value - mean);
            const auto count = static_cast<double>(values.size());
            scores.back().mean.push_back(mean);
            scores.back().deviation.push_back(count > 1 ? std::sqrt(squares / (count - 1)) : 0.0);
        }
    };
    for (const Run& run : runs) {
        if (run.stage != stage) continue;
        if (scores.empty() || scores.back().point != run.point) {
            close();
            scores.push_back({run.point, run.result.status, {}, {}});
            samples.assign(objectives.size(), {});
        }
        Status& status = scores.back().status;
        if (run.result.status == Status::kDone) {
            const auto values = values_of(run.result);
            for (std::size_t i = 0; i < objectives.size(); ++i) {
                const auto value = values.find(objectives[i]);
                samples[i].push_back(value == values.end() ? std::nan("") : value->second);
            }
        } else if (status == Status::kDone || run.result.status == Status::kFailed) {
            status = run.result.status;
        }
    }
    close();
    return scores;
}

Costs costs_of(const Score& score, const std::vector<bool>& maximize) {
    Costs costs = score.mean;
    for (std::size_t i = 0; i < costs.size(); ++i) {
        if (maximize[i]) costs[i] = -costs[i];
    }
    return costs;
}

}  // namespace seamount::explore
