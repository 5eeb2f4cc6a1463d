#include "tools/explore/report/page.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <map>
#include <sstream>

#include "isa/base/json.hpp"
#include "tools/base/html/page_style.hpp"
#include "tools/base/html/sealed_page.hpp"
#include "tools/base/html/static_page.hpp"
#include "tools/base/version.hpp"
#include "tools/explore/report/effects.hpp"
#include "tools/explore/report/page/page_parts.hpp"
#include "tools/explore/report/units.hpp"
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

/// With seven digits; null where JSON has no such number.
Json rounded(double value) {
    if (!std::isfinite(value)) return {};
    const std::string text = fmt::format("{:.7g}", value);
    double number = value;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
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

constexpr const char* kGenerator = "seamount explore report";

}  // namespace

bool is_own_page(const std::string& text) {
    return tools::is_sealed_page(text, kGenerator);
}

std::string page_of(Store& store, const Summary& summary) {
    std::map<std::int64_t, const Run*> latest;
    const std::vector<Run> runs = store.runs();
    for (const Run& run : runs) latest[run.point] = &run;
    ChipTexts chips;
    Json points = Json::array();
    for (const PointSummary& point : summary.points) {
        const Record record = store.record(latest.at(point.point)->id);
        points.push_back(point_json(point, summary, chips.add(record.chip)));
    }
    Json maximize = Json::array();
    for (const Direction direction : summary.objectives.directions) {
        maximize.push_back(direction == Direction::kMaximize);
    }
    Json path_units = Json::array();
    for (const std::string& path : summary.paths) path_units.push_back(unit_of(path));
    Json unexplained_of = Json::array();
    for (const std::string& name : summary.objectives.names) {
        unexplained_of.push_back(rounded(unexplained(summary.effects, name)));
    }
    Json data{{"name", summary.name},
              {"sweep", parse_json(summary.sweep)},
              {"paths", summary.paths},
              {"objectives", summary.objectives.names},
              {"maximize", maximize},
              {"points", points},
              {"effects", effects_json(summary)},
              {"ranks", ranks_json(summary)},
              {"lost", summary.lost_front},
              {"chip", chips.base()},
              {"units", summary.objectives.units},
              {"pathUnits", path_units},
              {"unexplained", unexplained_of},
              {"chosen", summary.is_chosen},
              {"store", store.path().filename().string()},
              {"version", tools::version()}};
    tools::SealedPage page{kPageHtml, kGenerator};
    page.put("@TITLE@", tools::html_escaped(summary.name));
    page.put("/*STYLE*/", std::string{tools::kPageStyle} + std::string{kPageCss});
    page.put("@LICENCE@", tools::html_escaped(kChartLicence));
    page.put("/*CHARTS*/", kChartLibrary);
    page.put("/*DATA*/", "const data = " + tools::json_in_script(seamount::json_text(data)) + ";");
    page.put("/*SCRIPT*/", std::string{kPageScript} + std::string{kPageViews});
    return page.text();
}

}  // namespace seamount::explore
