#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <tuple>

#include "isa/base/diagnostic.hpp"
#include "tools/plot/axes.hpp"
#include "tools/plot/kinds.hpp"

namespace seamount::tools {
namespace {

constexpr std::size_t kMostPanels = 8;
constexpr double kPanel = 84.0;  ///< height in points
constexpr double kRight = 12.0;

/// What a panel shows: a variable of a population, a line per neuron.
struct Panel {
    std::map<std::int64_t, report::Series> lines{};
};
using Panels = std::map<std::pair<std::string, std::string>, Panel>;

class Traces {
public:
    explicit Traces(const PlotRequest& request) : request_{request} {}

    void add(Rows& rows) {
        const Cells* const steps = rows.find("step");
        const Cells* const population = rows.find("population");
        const Cells* const neuron = rows.find("neuron");
        const Cells* const variable = rows.find("variable");
        const Cells* const value = rows.find("value");
        while (rows.next()) {
            for (std::size_t row = 0; row < rows.count(); ++row) {
                const auto step = static_cast<std::uint64_t>(steps->integers[row]);
                if (!request_.window.has(step)) continue;
                report::Series* const series =
                    line(population->text(row), neuron->integers[row], variable->text(row));
                if (series == nullptr || value->integers[row] == kMissing) continue;
                series->add(step, value->number(row));
            }
        }
    }
    [[nodiscard]] const Panels& panels() const noexcept { return panels_; }
    [[nodiscard]] std::size_t left_out() const noexcept { return left_out_.size(); }

private:
    [[nodiscard]] bool is_wanted(const std::string& population, std::int64_t neuron) const {
        if (request_.only.empty()) return true;
        const std::string one = fmt::format("{}[{}]", population, neuron);
        return std::ranges::any_of(request_.only, [&](const std::string& name) {
            return name == population || name == one;
        });
    }
    /// Where the values of a neuron go; null: it is not drawn.
    report::Series* line(const std::string& population, std::int64_t neuron,
                         const std::string& variable) {
        if (!is_wanted(population, neuron)) return nullptr;
        const std::pair key{population, variable};
        if (!panels_.contains(key) && panels_.size() == kMostPanels) {
            left_out_.emplace(population, neuron, variable);
            return nullptr;
        }
        Panel& panel = panels_[key];
        if (!panel.lines.contains(neuron) && panel.lines.size() == kSeries) {
            left_out_.emplace(population, neuron, variable);
            return nullptr;
        }
        return &panel.lines[neuron];
    }

    const PlotRequest& request_;
    Panels panels_;
    std::set<std::tuple<std::string, std::int64_t, std::string>> left_out_;
};

/// The threshold of a population, if all its neurons have the same.
std::optional<double> threshold_of(const RunRecords& records, const std::string& population,
                                   const std::string& variable) {
    static const std::string kMembrane = "v";
    const Json& about = records.about();
    if (variable != kMembrane || !about.contains("populations")) return std::nullopt;
    for (const Json& one : about["populations"]) {
        if (one["name"] != Json(population) || !one.contains("threshold")) continue;
        const Json& range = one["threshold"];
        if (range.is_array() && range[0] == range[1]) return range[0].get<double>();
    }
    return std::nullopt;
}

/// Two points a stretch: its lowest and its highest value.
std::vector<Point> points_of(const Json& series, const Scale& x, const Scale& y, double factor) {
    std::vector<Point> points;
    for (std::size_t i = 0; i < series["step"].size(); ++i) {
        const double at = x(series["step"][i].get<double>());
        const double low = series["low"][i].get<double>() * factor;
        const double high = series["high"][i].get<double>() * factor;
        const bool rises = points.empty() || points.back().y > y((low + high) / 2);
        points.push_back({at, y(rises ? low : high)});
        if (high > low) points.push_back({at, y(rises ? high : low)});
    }
    return points;
}

struct Extent {
    double low = std::numeric_limits<double>::max();
    double high = std::numeric_limits<double>::lowest();

    void take(double value) {
        low = std::min(low, value);
        high = std::max(high, value);
    }
};

/// Draws a panel; gives its box.
Box draw_panel(Picture& picture, const std::string& name, const std::string& variable,
               const Panel& panel, std::optional<double> threshold, const Scale& steps,
               double top) {
    std::vector<std::pair<std::int64_t, Json>> lines;
    Extent extent;
    for (const auto& [neuron, series] : panel.lines) {
        lines.emplace_back(neuron, series.json());
        for (const Json& value : lines.back().second["low"]) extent.take(value.get<double>());
        for (const Json& value : lines.back().second["high"]) extent.take(value.get<double>());
    }
    if (extent.low > extent.high) extent = {0.0, 1.0};
    // a threshold far away would flatten the traces
    const double spread = std::max(extent.high - extent.low, 1.0);
    const bool shows =
        threshold && *threshold<extent.high + 3.0 * spread&& * threshold> extent.low - 3.0 * spread;
    if (shows) extent.take(*threshold);
    const double margin = 0.06 * std::max(extent.high - extent.low, 1.0);
    std::vector<LegendEntry> entries;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        entries.push_back({fmt::format("{}[{}]", name, lines[i].first), series_stroke(i), false});
    }
    const Stroke dotted{kBlack, 0.7, {1.0, 2.0}};
    if (shows) entries.push_back({"threshold", dotted, false});
    const double y0 = legend(picture, {steps.from, top + 8}, steps.to - steps.from, entries) - 5;
    const Box box{steps.from, y0, steps.to - steps.from, kPanel};
    const Unit unit = unit_for(std::max(std::abs(extent.low), std::abs(extent.high)), "");
    const Scale values{(extent.low - margin) * unit.factor, (extent.high + margin) * unit.factor,
                       box.bottom(), box.y};
    if (shows) {
        const double at = values(*threshold * unit.factor);
        picture.line({box.x, at}, {box.right(), at}, dotted);
    }
    for (std::size_t i = 0; i < lines.size(); ++i) {
        picture.path(points_of(lines[i].second, steps, values, unit.factor), series_stroke(i));
    }
    const Scale plain{extent.low - margin, extent.high + margin, box.bottom(), box.y};
    y_axis(picture, box, plain, variable, {unit.factor, unit.text.empty() ? "integer" : unit.text});
    return box;
}

}  // namespace

std::string draw_traces(Picture& picture, const RunRecords& records, const PlotRequest& request) {
    require_table(
        records, "potentials",
        "seamount run --probe 'NAME.v' records states, as do probes of the network: probes: "
        "[{population: NAME, record: [v]}]");
    const report::StepRange range = steps_of(records, request.window);
    Traces traces{request};
    traces.add(*records.rows("potentials"));
    if (traces.panels().empty()) {
        bad_input("RUN-RECORDS", records.folder().string(), "no trace of the records is asked for",
                  "--only takes populations and NAME[NEURON] of the network's probes");
    }
    const Scale steps{
        static_cast<double>(range.first),
        static_cast<double>(range.first + std::max<std::uint64_t>(range.steps, 2) - 1), kLeftOfBox,
        picture.width() - kRight};
    double top = 4.0;
    std::size_t lines = 0;
    std::size_t drawn_panels = 0;
    for (const auto& [key, panel] : traces.panels()) {
        const Box box = draw_panel(picture, key.first, key.second, panel,
                                   threshold_of(records, key.first, key.second), steps, top);
        const bool is_last = ++drawn_panels == traces.panels().size();
        if (is_last) (void)x_axis(picture, box, steps, "step", {}, true);
        top = box.bottom() + 6;
        lines += panel.lines.size();
    }
    std::string text = fmt::format("{} {}, steps {} to {}", lines, lines == 1 ? "trace" : "traces",
                                   range.first, range.first + range.steps - 1);
    if (traces.left_out() > 0) {
        text += fmt::format("; {} more are in the records: choose with --only", traces.left_out());
    }
    return text;
}

}  // namespace seamount::tools
