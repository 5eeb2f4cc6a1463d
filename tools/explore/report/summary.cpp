#include "tools/explore/report/summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "isa/base/json.hpp"
#include "isa/base/text.hpp"
#include "tools/base/table.hpp"
#include "tools/explore/report/effects.hpp"
#include "tools/explore/report/units.hpp"

namespace seamount::explore {
namespace {

constexpr std::size_t kMostExamples = 5;

/// What each run of a stage says, one entry for each point.
std::map<std::int64_t, PointSummary> points_of_stage(const std::vector<Run>& runs, Stage stage,
                                                     const Objectives& objectives) {
    std::map<std::int64_t, PointSummary> points;
    for (const Score& score : scores_of(runs, stage, objectives.names)) {
        PointSummary& point = points[score.point];
        point.point = score.point;
        point.stage = stage;
        point.status = score.status;
        point.mean = score.mean;
        point.deviation = score.deviation;
    }
    for (const Run& run : runs) {
        if (run.stage != stage) continue;
        PointSummary& point = points[run.point];
        point.parameters = run.parameters;
        if (point.reason.empty()) point.reason = run.result.reason;
    }
    std::erase_if(points, [](const auto& entry) { return !has_ended(entry.second.status); });
    return points;
}

Costs costs_of_point(const PointSummary& point, const Objectives& objectives) {
    return costs_of({point.point, point.status, point.mean, {}}, objectives.directions);
}

std::set<std::int64_t> front_of(const std::map<std::int64_t, PointSummary>& points,
                                const Objectives& objectives) {
    std::vector<std::int64_t> numbers;
    std::vector<Costs> costs;
    for (const auto& [number, point] : points) {
        if (point.status != Status::kDone) continue;
        numbers.push_back(number);
        costs.push_back(costs_of_point(point, objectives));
    }
    const std::vector<std::size_t> fronts = fronts_of(costs);
    std::set<std::int64_t> front;
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        if (fronts[i] == 0) front.insert(numbers[i]);
    }
    return front;
}

std::vector<RankChange> rank_changes_of(const std::map<std::int64_t, PointSummary>& before,
                                        const std::map<std::int64_t, PointSummary>& after,
                                        const Objectives& objectives) {
    std::vector<RankChange> changes;
    for (std::size_t i = 0; i < objectives.names.size(); ++i) {
        RankChange change{objectives.names[i], 0, 0, {}};
        for (auto a = after.begin(); a != after.end(); ++a) {
            for (auto b = std::next(a); b != after.end(); ++b) {
                if (a->second.mean.empty() || b->second.mean.empty()) continue;
                const auto& first = before.at(a->first).mean;
                const auto& second = before.at(b->first).mean;
                if (first.empty() || second.empty()) continue;
                ++change.pairs;
                const double screened = first[i] - second[i];
                const double confirmed = a->second.mean[i] - b->second.mean[i];
                if (screened * confirmed >= 0.0) continue;
                ++change.swapped;
                if (change.examples.size() == kMostExamples) continue;
                change.examples.push_back(fmt::format(
                    "points {} and {}: {:.4g} and {:.4g} screened, {:.4g} and {:.4g} confirmed",
                    a->first, b->first, first[i], second[i], a->second.mean[i], b->second.mean[i]));
            }
        }
        changes.push_back(std::move(change));
    }
    return changes;
}

std::vector<std::string> varying_paths(const std::map<std::int64_t, PointSummary>& points) {
    std::map<std::string, std::set<std::string>> values;
    for (const auto& [number, point] : points) {
        for (const auto& [path, value] : point.parameters) values[path].insert(to_string(value));
    }
    std::vector<std::string> paths;
    for (const auto& [path, texts] : values) {
        std::size_t holders = 0;
        for (const auto& [number, point] : points) holders += point.parameters.count(path);
        if (texts.size() > 1 || holders != points.size()) paths.push_back(path);
    }
    return paths;
}

/// "-" for a value that a point does not have.
std::string number_text(double value, int digits) {
    return std::isfinite(value) ? fmt::format("{:.{}g}", value, digits) : "-";
}

std::string percent_text(double share) {
    return std::isfinite(share) ? fmt::format("{:.0f} %", 100.0 * share) : "-";
}

std::string best_points(const Summary& summary) {
    std::vector<std::string> head{"point"};
    for (std::size_t i = 0; i < summary.objectives.names.size(); ++i) {
        const std::string& unit = summary.objectives.units[i];
        head.push_back(summary.objectives.names[i] + (unit.empty() ? "" : " (" + unit + ')'));
    }
    for (const std::string& path : summary.paths) head.push_back(path);
    tools::Table table{head};
    for (const PointSummary& point : summary.points) {
        if (!point.on_front) continue;
        std::vector<std::string> line{std::to_string(point.point)};
        for (std::size_t i = 0; i < point.mean.size(); ++i) {
            line.push_back(point.deviation[i] > 0.0
                               ? fmt::format("{:.4g} +- {:.2g}", point.mean[i], point.deviation[i])
                               : number_text(point.mean[i], 5));
        }
        for (const std::string& path : summary.paths) {
            const auto found = point.parameters.find(path);
            line.push_back(found == point.parameters.end() ? "-" : to_string(found->second));
        }
        table.add(std::move(line));
    }
    return table.text();
}

/// The code of the first finding in a reason, or its beginning.
std::string code_of(const std::string& reason) {
    constexpr const char* kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ-";
    for (std::size_t at = reason.find('['); at != std::string::npos;
         at = reason.find('[', at + 1)) {
        const std::size_t end = reason.find_first_not_of(kLetters, at + 1);
        if (end != std::string::npos && reason[end] == ']' && end > at + 1) {
            return reason.substr(at + 1, end - at - 1);
        }
    }
    return reason.substr(0, 60);
}

/// Points that did not run for reasons of one code.
struct Fate {
    std::size_t points = 0;
    const PointSummary* first = nullptr;
};

/// Codes of reasons with how often each occurs, and what the first point of each was told.
std::string reasons(const Summary& summary) {
    constexpr std::size_t kLongest = 240;
    std::map<std::string, Fate> fates;
    for (const PointSummary& point : summary.points) {
        if (point.status == Status::kDone) continue;
        Fate& fate = fates[fmt::format("{}: {}", name_of(kStatusNames, point.status),
                                       code_of(point.reason))];
        if (fate.points++ == 0) fate.first = &point;
    }
    std::string text;
    for (const auto& [reason, fate] : fates) {
        const std::string words = fate.first->reason.substr(0, fate.first->reason.find('\n'));
        text += fmt::format("  {:>6}  {}\n", fate.points, reason);
        if (words.empty()) continue;
        text += fmt::format("          point {}: {}{}\n", fate.first->point,
                            words.substr(0, kLongest), words.size() > kLongest ? "..." : "");
    }
    return text;
}

}  // namespace

SweepFacts facts_of(Store& store) {
    const auto damaged = [&store] {
        bad_input("EXP-STORE", store.path().string(), "the store is damaged: fact 'sweep'",
                  "take a copy that is whole, or run the sweep again into a new store");
    };
    SweepFacts facts;
    facts.json = store.fact(Fact::kSweep);
    const Json sweep = parse_json(facts.json);
    if (!sweep.is_object()) damaged();
    const auto text = [&](const Json& object, const char* key) {
        if (!object.is_object() || !object.contains(key) || !object[key].is_string()) damaged();
        return object[key].get<std::string>();
    };
    facts.name = text(sweep, "name");
    facts.strategy = text(sweep, "strategy");
    (void)text(sweep, "network");
    (void)text(sweep, "chip");
    if (!sweep.contains("fixed") || !sweep["fixed"].is_object()) damaged();
    if (!sweep.contains("objectives") || !sweep["objectives"].is_array()) damaged();
    for (const Json& objective : sweep["objectives"]) {
        facts.objectives.names.push_back(text(objective, "name"));
        facts.objectives.units.push_back(unit_of(text(objective, "from")));
        if (!objective.contains("maximize") || !objective["maximize"].is_boolean()) damaged();
        facts.objectives.directions.push_back(
            objective["maximize"].get<bool>() ? Direction::kMaximize : Direction::kMinimize);
    }
    if (facts.objectives.names.empty()) damaged();
    return facts;
}

Objectives objectives_of(Store& store) {
    return facts_of(store).objectives;
}

Summary summarise(Store& store) {
    Summary summary;
    const SweepFacts facts = facts_of(store);
    summary.sweep = facts.json;
    summary.objectives = facts.objectives;
    summary.name = facts.name;
    const auto kind = parse(kStrategyNames, facts.strategy);
    summary.is_chosen = kind && !is_design(*kind);
    const std::vector<Run> runs = store.runs();
    const auto screened = points_of_stage(runs, Stage::kScreen, summary.objectives);
    const auto confirmed = points_of_stage(runs, Stage::kFinal, summary.objectives);
    auto points = screened;
    for (const auto& [number, point] : confirmed) points[number] = point;
    const std::set<std::int64_t> front =
        front_of(confirmed.empty() ? screened : confirmed, summary.objectives);
    summary.paths = varying_paths(points);
    std::vector<const PointSummary*> done;
    for (const auto& [number, point] : screened.empty() ? confirmed : screened) {
        if (point.status == Status::kDone) done.push_back(&point);
    }
    summary.effects = effects_of(done, summary.paths, summary.objectives.names);
    for (auto& [number, point] : points) {
        point.on_front = front.contains(number);
        summary.points.push_back(std::move(point));
    }
    if (!screened.empty() && !confirmed.empty()) {
        summary.rank_changes = rank_changes_of(screened, confirmed, summary.objectives);
        for (const std::int64_t number : front_of(screened, summary.objectives)) {
            if (!front.contains(number)) summary.lost_front.push_back(number);
        }
    }
    return summary;
}

std::string terminal_report(const Summary& summary) {
    std::size_t done = 0;
    for (const PointSummary& point : summary.points) done += point.status == Status::kDone ? 1 : 0;
    std::string text = fmt::format(
        "{}: {}, {} done\n\n{}\n{}", summary.name, counted(summary.points.size(), "point"), done,
        summary.objectives.names.size() == 1 ? "Best" : "Pareto front", best_points(summary));
    tools::Table effects{
        {"objective", "parameter", "share of variance", "lowest mean", "highest mean"}};
    for (const Effect& effect : summary.effects) {
        const auto [low, high] =
            std::minmax_element(effect.mean_by_value.begin(), effect.mean_by_value.end(),
                                [](const auto& a, const auto& b) { return a.second < b.second; });
        effects.add({effect.objective, effect.path, percent_text(effect.share),
                     fmt::format("{} at {}", number_text(low->second, 4), low->first),
                     fmt::format("{} at {}", number_text(high->second, 4), high->first)});
    }
    for (const std::string& objective : summary.objectives.names) {
        const double left = unexplained(summary.effects, objective);
        if (effects.empty() || left < 0.005) continue;
        effects.add({objective, "(together, or unexplained)", fmt::format("{:.0f} %", 100.0 * left),
                     "", ""});
    }
    if (!effects.empty()) text += "\nWhat matters\n" + effects.text();
    if (!effects.empty() && summary.is_chosen) {
        text +=
            "  The search chose the points: they are no random sample, and parameters that it\n"
            "  moved together can only be told apart as far as it moved them separately.\n";
    }
    if (const std::string why = reasons(summary); !why.empty()) text += "\nDid not run\n" + why;
    for (const RankChange& change : summary.rank_changes) {
        text += fmt::format("\nScreening against confirmation, {}: {} of {} pairs change order\n",
                            change.objective, change.swapped, change.pairs);
        for (const std::string& example : change.examples) text += "  " + example + '\n';
    }
    if (!summary.lost_front.empty()) {
        text += fmt::format("\n{} of the screened front not on the confirmed one\n",
                            counted(summary.lost_front.size(), "point"));
    }
    return text;
}

}  // namespace seamount::explore
