#include "tools/explore/strategy/ask_tell.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "isa/base/json.hpp"
#include "tools/base/console.hpp"
#include "tools/explore/sweep/assignment_json.hpp"

namespace seamount::explore {
namespace {

constexpr std::size_t kMostLines = 1'000'000;  ///< of one answer

Json json_of(const Value& value) {
    return to_json(Assignment{{"v", value}})["v"];
}

/// "one of 1, 2, 4", "in [2, 30]".
std::string range_of(const Domain& domain) {
    if (domain.is_interval()) {
        return fmt::format("{} in [{}, {}]", domain.integer ? "an integer" : "a number",
                           to_string(domain.low), to_string(domain.high));
    }
    constexpr std::size_t kMost = 8;
    const std::size_t count = domain.levels.size();
    std::string text;
    for (std::size_t i = 0; i < count; ++i) {
        if (count > kMost && i == kMost - 1) {
            text += ", ...";
            i = count - 1;
        }
        text += (text.empty() ? "one of " : ", ") + to_string(domain.levels[i]);
    }
    return text;
}

bool contains(const Domain& domain, const Value& value) {
    if (!domain.is_interval()) {
        return std::find(domain.levels.begin(), domain.levels.end(), value) != domain.levels.end();
    }
    const double* const number = std::get_if<double>(&value);
    return number != nullptr && *number >= domain.low && *number <= domain.high &&
           (!domain.integer || *number == std::trunc(*number));
}

}  // namespace

AskTell::AskTell(const Sweep& sweep) : sweep_{sweep}, process_{sweep.strategy.command} {
    describe();
}

void AskTell::describe() {
    Json space = Json::array();
    for (const Parameter& parameter : sweep_.space.parameters) {
        const Domain& domain = parameter.domain;
        Json entry{{"path", parameter.path}};
        if (domain.is_interval()) {
            entry["low"] = json_of(domain.low);
            entry["high"] = json_of(domain.high);
            entry["log"] = domain.scale == Scale::kLogarithmic;
            entry["integer"] = domain.integer;
        } else {
            for (const Value& level : domain.levels) entry["levels"].push_back(json_of(level));
        }
        space.push_back(std::move(entry));
    }
    Json objectives = Json::array();
    for (const Objective& objective : sweep_.objectives) {
        objectives.push_back({{"name", objective.name},
                              {"direction", name_of(kDirectionNames, objective.direction)}});
    }
    process_.write(seamount::json_text(
        Json{{"space", space}, {"objectives", objectives}, {"seed", sweep_.strategy.seed}}));
}

std::vector<Assignment> AskTell::ask(std::size_t room) {
    std::vector<Assignment> points;
    if (stopped_) return points;
    process_.write(seamount::json_text(Json{{"ask", room}}));
    for (std::size_t lines = 0;; ++lines) {
        const auto line = process_.read();
        if (process_.given_up()) {
            stopped_ = true;
            return points;
        }
        if (!line) fail("ended without {\"stop\": true}");
        if (lines == kMostLines) fail(fmt::format("wrote {} lines without an end", lines));
        const Json json = parse_json(*line);
        if (!json.is_object()) fail(fmt::format("wrote what is no JSON object: {}", *line));
        if (json.contains("stop")) stopped_ = true;
        if (json.contains("stop") || json.contains("end")) return points;
        if (!json.contains("parameters") || !json["parameters"].is_object()) {
            fail(fmt::format("wrote neither 'parameters', 'end' nor 'stop': {}", *line));
        }
        Assignment given;
        for (const auto& [path, value] : json["parameters"].items()) {
            take(path, value.dump(), given);
        }
        auto point = sweep_.space.complete(given);
        const std::string id = json.contains("id") ? seamount::json_text(json["id"]) : "null";
        if (!point) {
            process_.write(fmt::format("{{\"tell\": {}, \"status\": \"excluded\"}}", id));
            continue;
        }
        ids_.push_back(id);
        points.push_back(std::move(*point));
    }
}

void AskTell::take(const std::string& path, const std::string& text, Assignment& point) const {
    const auto& parameters = sweep_.space.parameters;
    const auto found = std::find_if(parameters.begin(), parameters.end(),
                                    [&](const Parameter& one) { return one.path == path; });
    if (found == parameters.end()) {
        std::vector<std::string> known;
        for (const Parameter& one : parameters) known.push_back(one.path);
        fail(fmt::format("set '{}', which is no parameter of the sweep: these are {}", path,
                         fmt::join(known, ", ")));
    }
    const Assignment read = assignment_of("{\"v\": " + text + '}');
    const auto value = read.find("v");
    if (value == read.end() || !contains(found->domain, value->second)) {
        fail(fmt::format("set '{}' to {}, must be {}", path, text, range_of(found->domain)));
    }
    point[path] = value->second;
}

void AskTell::tell(const Told& told) {
    Json line{{"tell", parse_json_or_throw(ids_.at(told.number))},
              {"status", name_of(kStatusNames, told.status)}};
    if (!told.reason.empty()) line["reason"] = told.reason;
    for (std::size_t i = 0; i < told.values.size(); ++i) {
        line["values"][sweep_.objectives[i].name] = told.values[i];
    }
    // What a script said last may be no UTF-8.
    process_.write(seamount::json_text(line));
}

void AskTell::fail(const std::string& message) const {
    throw InputError{Diagnostic{
        "EXP-ASK-TELL", sweep_.strategy.where,
        fmt::format("the optimiser '{}' {}", sweep_.strategy.command[0], message),
        "tools/explore/README.md describes the lines that it must write", Severity::kError}};
}

std::unique_ptr<Strategy> make_ask_tell(const Sweep& sweep) {
    return std::make_unique<AskTell>(sweep);
}

}  // namespace seamount::explore
