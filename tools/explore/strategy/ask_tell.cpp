#include "tools/explore/strategy/ask_tell.hpp"

#include <fmt/format.h>

#include "isa/base/json.hpp"
#include "tools/base/console.hpp"
#include "tools/explore/sweep/assignment_json.hpp"

namespace seamount::explore {
namespace {

Json json_of(const Value& value) {
    return to_json(Assignment{{"v", value}})["v"];
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
    for (;;) {
        const auto line = process_.read();
        if (!line) {
            fail("ended without {\"stop\": true}");
        }
        const Json json = Json::parse(*line, nullptr, false);
        if (!json.is_object()) fail(fmt::format("wrote what is no JSON object: {}", *line));
        if (json.contains("stop")) stopped_ = true;
        if (json.contains("stop") || json.contains("end")) return points;
        if (!json.contains("parameters") || !json["parameters"].is_object()) {
            fail(fmt::format("wrote neither 'parameters', 'end' nor 'stop': {}", *line));
        }
        const Assignment given = assignment_of(json["parameters"]);
        for (const auto& [path, value] : given) {
            if (!sweep_.space.names().contains(path)) {
                fail(fmt::format("set '{}', which is no parameter of the sweep", path));
            }
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

void AskTell::tell(const Told& told) {
    Json line{{"tell", Json::parse(ids_.at(told.number))},
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
