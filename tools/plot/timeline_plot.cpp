#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "isa/base/diagnostic.hpp"
#include "tools/plot/axes.hpp"
#include "tools/plot/kinds.hpp"

namespace seamount::tools {
namespace {

constexpr std::size_t kMostColumns = 400;
constexpr std::size_t kMostParts = 6;  ///< the others are one
constexpr double kRight = 12.0;
constexpr std::string_view kUnit = "_ns";

/// Means over stretches of steps.
struct Column {
    std::string name;
    std::vector<double> sums{};

    [[nodiscard]] double total() const { return std::accumulate(sums.begin(), sums.end(), 0.0); }
};

class Stretches {
public:
    explicit Stretches(const report::StepRange& range)
        : range_{range}, count_(std::min<std::size_t>(range.steps, kMostColumns)), steps_(count_) {}

    void read(Rows& rows, std::vector<Column>& columns) {
        for (Column& column : columns) column.sums.resize(count_);
        const Cells* const steps = rows.find("step");
        while (rows.next()) {
            for (std::size_t row = 0; row < rows.count(); ++row) {
                const auto step = static_cast<std::uint64_t>(steps->integers[row]);
                if (step < range_.first || step - range_.first >= range_.steps) continue;
                const std::size_t at = (step - range_.first) * count_ / range_.steps;
                ++steps_[at];
                for (Column& column : columns) {
                    column.sums[at] += rows.find(column.name)->number(row);
                }
            }
        }
        for (Column& column : columns) {
            for (std::size_t i = 0; i < count_; ++i) {
                column.sums[i] /= std::max(1.0, static_cast<double>(steps_[i]));
            }
        }
    }
    [[nodiscard]] std::size_t count() const noexcept { return count_; }
    /// The first step of a stretch, as x axes have it.
    [[nodiscard]] double begin(std::size_t stretch) const {
        const double each = static_cast<double>(range_.steps) / static_cast<double>(count_);
        return static_cast<double>(range_.first) + each * static_cast<double>(stretch) - 0.5;
    }

private:
    report::StepRange range_;
    std::size_t count_;
    std::vector<std::uint64_t> steps_;
};

/// The causes of the time of a step, those that took most first; the least are one.
std::vector<Column> causes_of(std::vector<Column> parts, std::size_t count) {
    std::erase_if(parts, [](const Column& part) { return !(part.total() > 0.0); });
    std::ranges::stable_sort(
        parts, [](const Column& a, const Column& b) { return a.total() > b.total(); });
    if (parts.size() > kMostParts) {
        Column others{"others", std::vector<double>(count)};
        for (std::size_t p = kMostParts - 1; p < parts.size(); ++p) {
            for (std::size_t i = 0; i < count; ++i) others.sums[i] += parts[p].sums[i];
        }
        parts.resize(kMostParts - 1);
        parts.push_back(std::move(others));
    }
    return parts;
}

/// The edge of a filled curve that has steps: left to right along `upper`.
void append_edge(std::vector<Point>& corners, const Stretches& stretches, const Scale& x,
                 const Scale& y, const std::vector<double>& values) {
    for (std::size_t i = 0; i < values.size(); ++i) {
        corners.push_back({x(stretches.begin(i)), y(values[i])});
        corners.push_back({x(stretches.begin(i + 1)), y(values[i])});
    }
}

double largest(const std::vector<double>& values) {
    return values.empty() ? 0.0 : *std::ranges::max_element(values);
}

/// Causes on top of each other; gives the box.
Box draw_causes(Picture& picture, const std::vector<Column>& causes, const Stretches& stretches,
                const Scale& x) {
    constexpr double kHeight = 150.0;
    std::vector<LegendEntry> entries;
    std::vector<double> top(stretches.count());
    for (std::size_t p = 0; p < causes.size(); ++p) {
        std::string name = causes[p].name;
        if (name.ends_with(kUnit)) name.resize(name.size() - kUnit.size());
        std::ranges::replace(name, '_', ' ');
        entries.push_back({name, {series_fill(p, causes.size()), 1.0, {}}, true});
        for (std::size_t i = 0; i < top.size(); ++i) top[i] += causes[p].sums[i];
    }
    const double below = legend(picture, {x.from, 12}, x.to - x.from, entries);
    const Box box{x.from, below - 5, x.to - x.from, kHeight};
    const double most = largest(top);
    const Scale y{0.0, most > 0.0 ? 1.05 * most : 1.0, box.bottom(), box.y};
    std::vector<double> floor(stretches.count());
    for (std::size_t p = 0; p < causes.size(); ++p) {
        std::vector<double> roof = floor;
        for (std::size_t i = 0; i < roof.size(); ++i) roof[i] += causes[p].sums[i];
        std::vector<Point> corners;
        append_edge(corners, stretches, x, y, roof);
        std::vector<Point> lower;
        append_edge(lower, stretches, x, y, floor);
        const std::vector<Point> edge = corners;
        corners.insert(corners.end(), lower.rbegin(), lower.rend());
        picture.area(corners, series_fill(p, causes.size()));
        picture.path(edge, {kBlack, 0.3, {}});
        floor = std::move(roof);
    }
    const Scale seconds{0.0, y.high * 1e-9, y.from, y.to};
    y_axis(picture, box, seconds, "time of a step", unit_for(seconds.high, "s"));
    return box;
}

Box draw_curve(Picture& picture, const Column& column, const Stretches& stretches, const Scale& x,
               double top, const std::string& label, double factor, std::string_view base) {
    constexpr double kHeight = 70.0;
    const Box box{x.from, top, x.to - x.from, kHeight};
    const double most = largest(column.sums);
    const Scale y{0.0, most > 0.0 ? 1.08 * most : 1.0, box.bottom(), box.y};
    std::vector<Point> edge;
    append_edge(edge, stretches, x, y, column.sums);
    picture.path(edge, series_stroke(0));
    const Scale shown{0.0, y.high * factor, y.from, y.to};
    y_axis(picture, box, shown, label, unit_for(shown.high, base));
    return box;
}

}  // namespace

std::string draw_timeline(Picture& picture, const RunRecords& records, const PlotRequest& request) {
    const report::StepRange range = steps_of(records, request.window);
    Stretches stretches{range};
    std::vector<Column> columns{{"spikes"}, {"synaptic_events"}};
    const auto rows = records.rows("perf");
    const bool is_priced = rows->find("time_ns") != nullptr;
    if (is_priced) columns.push_back({"energy_pj"});
    const std::size_t fixed = columns.size();
    bool is_part = false;
    for (const Cells& column : rows->columns()) {
        if (is_part && column.name.ends_with(kUnit)) columns.push_back({column.name});
        is_part = is_part || &column == rows->find("bound_by");
    }
    stretches.read(*rows, columns);
    const std::vector<Column> parts(columns.begin() + static_cast<std::ptrdiff_t>(fixed),
                                    columns.end());
    const Scale x{static_cast<double>(range.first) - 0.5,
                  static_cast<double>(range.first + range.steps) - 0.5, kLeftOfBox,
                  picture.width() - kRight};
    double top = 8.0;
    if (is_priced) {
        const Box box = draw_causes(picture, causes_of(parts, stretches.count()), stretches, x);
        top = draw_curve(picture, columns[2], stretches, x, box.bottom() + 8, "energy", 1e-12, "J")
                  .bottom() +
              8;
    }
    const Box spikes = draw_curve(picture, columns[0], stretches, x, top, "spikes", 1.0, "");
    const Box events = draw_curve(picture, columns[1], stretches, x, spikes.bottom() + 8,
                                  "synaptic events", 1.0, "");
    (void)x_axis(picture, events, x, "step", {}, true);
    std::string text = fmt::format("{}spikes and synaptic events of each step, steps {} to {}",
                                   is_priced ? "modelled time by cause, energy, " : "", range.first,
                                   range.first + range.steps - 1);
    if (range.steps > stretches.count()) {
        text +=
            fmt::format("; means of {:.4g} steps each",
                        static_cast<double>(range.steps) / static_cast<double>(stretches.count()));
    }
    return text;
}

}  // namespace seamount::tools
