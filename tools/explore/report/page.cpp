#include "tools/explore/report/page.hpp"

#include <fmt/format.h>

#include <map>
#include <sstream>

#include "isa/base/json.hpp"
#include "tools/base/version.hpp"
#include "tools/explore/report/page/page_parts.hpp"
#include "tools/explore/sweep/assignment_json.hpp"

namespace seamount::explore {
namespace {

/// Chips of all points as one list of lines and what differs from it, so that a thousand complete
/// chips take little room.
class ChipTexts {
public:
    Json add(const std::string& text) {
        const std::vector<std::string> lines = split(text);
        if (base_.empty()) base_ = lines;
        if (lines.size() != base_.size()) return text;
        Json changes = Json::array();
        for (std::size_t i = 0; i < lines.size(); ++i) {
            if (lines[i] == base_[i]) continue;
            changes.push_back(i);
            changes.push_back(lines[i]);
        }
        return changes;
    }
    [[nodiscard]] const std::vector<std::string>& base() const noexcept { return base_; }

private:
    static std::vector<std::string> split(const std::string& text) {
        std::vector<std::string> lines;
        std::istringstream in{text};
        for (std::string line; std::getline(in, line);) lines.push_back(line);
        return lines;
    }
    std::vector<std::string> base_;
};

double rounded(double value) {
    return std::stod(fmt::format("{:.7g}", value));
}

Json point_json(const PointSummary& point, const Summary& summary, Json chip) {
    Json values = Json::array();
    Json deviations = Json::array();
    for (std::size_t i = 0; i < point.mean.size(); ++i) {
        values.push_back(rounded(point.mean[i]));
        deviations.push_back(rounded(point.deviation[i]));
    }
    Json parameters = Json::array();
    const Json all = to_json(point.parameters);
    for (const std::string& path : summary.paths) {
        parameters.push_back(all.contains(path) ? all[path] : Json{});
    }
    return {{"n", point.point},
            {"s", name_of(kStatusNames, point.status)},
            {"g", name_of(kStageNames, point.stage)},
            {"f", point.on_front},
            {"p", parameters},
            {"v", values},
            {"d", deviations},
            {"r", point.reason.substr(0, 300)},
            {"c", std::move(chip)}};
}

Json effects_json(const Summary& summary) {
    Json effects = Json::array();
    for (const Effect& effect : summary.effects) {
        Json means = Json::array();
        for (const auto& [value, mean] : effect.mean_by_value) {
            means.push_back(Json::array({value, rounded(mean)}));
        }
        effects.push_back({{"path", effect.path},
                           {"objective", effect.objective},
                           {"share", rounded(effect.share)},
                           {"means", means}});
    }
    return effects;
}

Json ranks_json(const Summary& summary) {
    Json ranks = Json::array();
    for (const RankChange& change : summary.rank_changes) {
        ranks.push_back({{"objective", change.objective},
                         {"pairs", change.pairs},
                         {"swapped", change.swapped},
                         {"examples", change.examples}});
    }
    return ranks;
}

/// JSON that can neither end the script element that it stands in nor begin a comment there.
std::string in_script(const Json& json) {
    std::string text;
    for (const char c : seamount::json_text(json)) {
        text += c == '<' ? "\\u003c" : std::string{c};  // outside of strings JSON has none
    }
    return text;
}

void replace(std::string& text, const std::string& mark, const std::string& with) {
    const std::size_t at = text.find(mark);
    if (at != std::string::npos) text.replace(at, mark.size(), with);
}

std::string escaped(const std::string& text) {
    std::string out;
    for (const char c : text) {
        out += c == '<' ? "&lt;" : c == '&' ? "&amp;" : std::string{c};
    }
    return out;
}

}  // namespace

std::string page_of(Store& store, const Summary& summary) {
    std::map<std::int64_t, const Run*> latest;
    const std::vector<Run> runs = store.runs();
    for (const Run& run : runs) latest[run.point] = &run;
    ChipTexts chips;
    Json points = Json::array();
    std::string command;
    for (const PointSummary& point : summary.points) {
        const Record record = store.record(latest.at(point.point)->id);
        if (command.empty()) command = record.command;
        points.push_back(point_json(point, summary, chips.add(record.chip)));
    }
    Json maximize = Json::array();
    for (const Direction direction : summary.objectives.directions) {
        maximize.push_back(direction == Direction::kMaximize);
    }
    Json data{{"name", summary.name},
              {"sweep", Json::parse(summary.sweep, nullptr, false)},
              {"paths", summary.paths},
              {"objectives", summary.objectives.names},
              {"maximize", maximize},
              {"points", points},
              {"effects", effects_json(summary)},
              {"ranks", ranks_json(summary)},
              {"lost", summary.lost_front},
              {"chip", chips.base()},
              {"command", Json::parse(command.empty() ? "[]" : command)},
              {"version", tools::version()}};
    std::string page = std::string{kPageHtml};
    replace(page, "@TITLE@", escaped(summary.name));
    replace(page, "/*STYLE*/", std::string{kPageCss});
    replace(page, "@LICENCE@", escaped(std::string{kChartLicence}));
    replace(page, "/*CHARTS*/", std::string{kChartLibrary});
    replace(page, "/*DATA*/", "const data = " + in_script(data) + ";");
    replace(page, "/*SCRIPT*/", std::string{kPageScript});
    return page;
}

}  // namespace seamount::explore
