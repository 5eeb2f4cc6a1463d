#include "compiler/frontend/inputs/current.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "compiler/frontend/context/made_values.hpp"
#include "compiler/frontend/context/units.hpp"
#include "compiler/frontend/context/values.hpp"
#include "compiler/frontend/inputs/driven_word.hpp"
#include "compiler/frontend/rows/values/formula.hpp"

namespace seamount::compiler::frontend {

namespace {

/// The key that says what the current is.
enum class Course : std::uint8_t { kStep, kRamp, kFormula, kUniform, kNormal, kFile, kValues };
constexpr auto kCourseNames = name_table<Course>({
    {Course::kStep, "step"},
    {Course::kRamp, "ramp"},
    {Course::kFormula, "formula"},
    {Course::kUniform, "uniform"},
    {Course::kNormal, "normal"},
    {Course::kFile, "file"},
    {Course::kValues, "values"},
});

std::string key_of(Course course) {
    return std::string{name_of(kCourseNames, course)};
}

constexpr std::uint64_t kMostValues = std::uint64_t{1} << 28U;  ///< that are computed
constexpr std::uint64_t kMostWrites = std::uint64_t{1} << 24U;

/// The value of the argument of a neuron in a step. Entries are made when they are asked for: a
/// short text may stand for very many.
struct Timeline {
    /// By number of the neuron among the driven ones and number of the entry; a NaN is no value.
    std::function<double(std::uint32_t neuron, std::size_t entry)> value;
    std::function<std::uint64_t(std::size_t entry)> step;  ///< ascending
    std::uint64_t entries = 0;
    bool whole = false;   ///< values are given, and are integers; else rounded
    bool shared = false;  ///< an entry has one value for all neurons: that of neuron 0
};

struct Point {
    std::uint64_t step;
    double value;
};

/// Lines from point to point, with an entry at each point and every so many steps behind it.
class Lines {
public:
    Lines(std::vector<Point> points, std::uint64_t every)
        : points_{std::move(points)}, every_{every} {
        for (std::size_t k = 0; k < points_.size(); ++k) {
            first_.push_back(entries_);
            const bool is_last = k + 1 == points_.size();
            entries_ += is_last ? 1 : (points_[k + 1].step - points_[k].step - 1) / every + 1;
        }
    }

    [[nodiscard]] std::uint64_t entries() const { return entries_; }
    [[nodiscard]] std::uint64_t step(std::size_t entry) const {
        const std::size_t k = line_of(entry);
        return points_[k].step + (entry - first_[k]) * every_;
    }
    [[nodiscard]] double value(std::size_t entry) const {
        const std::size_t k = line_of(entry);
        const Point& point = points_[k];
        if (entry == first_[k]) return point.value;
        const Point& next = points_[k + 1];
        const double slope =
            (next.value - point.value) / static_cast<double>(next.step - point.step);
        return point.value + slope * static_cast<double>((entry - first_[k]) * every_);
    }

private:
    [[nodiscard]] std::size_t line_of(std::size_t entry) const {
        const auto behind = std::upper_bound(first_.begin(), first_.end(), entry);
        return static_cast<std::size_t>(behind - first_.begin()) - 1;
    }

    std::vector<Point> points_;
    std::vector<std::uint64_t> first_;  ///< entry of each point
    std::uint64_t every_;
    std::uint64_t entries_ = 0;
};

class Reader {
public:
    Reader(Context& context, const YamlNode& node, const DrivenWord& driven,
           const isa::InputImage& image)
        : context_{context}, node_{node}, driven_{driven}, image_{image} {}

    std::optional<Timeline> read() {
        const auto course = find_course();
        const bool endless =
            course == Course::kFormula || course == Course::kUniform || course == Course::kNormal;
        if (course && course != Course::kStep) {
            take_steps(context_, node_["every"], "every");
            node_.read("every", every_);
        }
        if (endless && node_.require("steps")) {
            take_steps(context_, node_["steps"], "steps");
            node_.read("steps", steps_);
        }
        if (!course) return std::nullopt;
        auto timeline = of(*course);
        node_.finish();
        return timeline;
    }

private:
    std::optional<Course> find_course() const {
        std::optional<Course> found;
        for (const Course course : values(kCourseNames)) {
            const YamlNode given = node_[key_of(course)];
            if (!given) continue;
            if (found) {
                given.error("NET-INPUT", fmt::format("the current is both '{}' and '{}'",
                                                     key_of(*found), key_of(course)));
                return std::nullopt;
            }
            found = course;
        }
        if (!found) {
            node_.error("NET-INPUT", "nothing says what the current is",
                        fmt::format("give one of {}", fmt::join(kCourseNames.names(), ", ")));
        }
        return found;
    }

    std::optional<Timeline> of(Course course) {
        switch (course) {
            case Course::kStep:
            case Course::kRamp:
                return of_points(course);
            case Course::kFormula:
                return of_formula();
            case Course::kUniform:
            case Course::kNormal:
                return of_noise(course);
            case Course::kFile:
                return of_file();
            case Course::kValues:
                return of_values();
        }
        return std::nullopt;
    }

    /// [[step, value], ...], ascending.
    std::optional<std::vector<Point>> read_points(const YamlNode& list, const std::string& name) {
        if (!expect_sequence(list, name)) return std::nullopt;
        std::vector<Point> points;
        bool good = true;
        for (const YamlNode& item : list.items()) {
            const auto pair = item.is_sequence() ? item.items() : std::vector<YamlNode>{};
            if (pair.size() != 2) {
                item.error("NET-INPUT", fmt::format("an entry of '{}' is not [step, value]", name));
                good = false;
                continue;
            }
            take_steps(context_, pair[0], "step");
            const auto step = pair[0].integer("step", 0, kMaxStep);
            const auto value = pair[1].number("value", static_cast<double>(driven_.declared->min),
                                              static_cast<double>(driven_.declared->max));
            good = good && step && value;
            if (!good) continue;
            if (!points.empty() && static_cast<std::uint64_t>(*step) <= points.back().step) {
                pair[0].error("NET-INPUT", fmt::format("step {} does not come after step {}", *step,
                                                       points.back().step));
                good = false;
                continue;
            }
            points.push_back({static_cast<std::uint64_t>(*step), *value});
        }
        if (points.empty() && good) list.error("NET-INPUT", fmt::format("'{}' is empty", name));
        if (!good || points.empty()) return std::nullopt;
        return points;
    }

    std::optional<Timeline> of_points(Course course) {
        auto points = read_points(node_[key_of(course)], key_of(course));
        if (!points) return std::nullopt;
        // Steps hold their values: no entry lies between two of them.
        const std::uint64_t every = course == Course::kStep ? kMaxStep : every_;
        const auto lines = std::make_shared<const Lines>(std::move(*points), every);
        Timeline timeline;
        timeline.whole = course == Course::kStep;
        timeline.step = [lines](std::size_t entry) { return lines->step(entry); };
        timeline.value = [lines](std::uint32_t, std::size_t entry) { return lines->value(entry); };
        timeline.shared = true;
        return take_entries(timeline, lines->entries()) ? std::optional{timeline} : std::nullopt;
    }

    /// Whether so many entries can be; the one limit of all that a current is given by.
    [[nodiscard]] bool take_entries(Timeline& timeline, std::uint64_t entries) const {
        const std::uint32_t each = timeline.shared ? 1U : std::max(image_.size, 1U);
        const std::uint64_t most = kMostValues / each;
        timeline.entries = entries;
        if (entries <= most) return true;
        const std::string neurons =
            timeline.shared ? "all neurons" : fmt::format("each of {} neurons", image_.size);
        node_.error("NET-SIZE",
                    fmt::format("the current has values at {} times for {}, must be at [1, {}] "
                                "times",
                                entries, neurons, most),
                    "fewer steps, or 'every' some steps");
        return false;
    }
    /// The entries of `steps` and `every`.
    [[nodiscard]] bool take_regular(Timeline& timeline, std::uint64_t entries) const {
        timeline.step = [every = every_](std::size_t entry) { return entry * every; };
        return take_entries(timeline, entries);
    }
    [[nodiscard]] std::uint64_t entries() const { return (steps_ + every_ - 1) / every_; }

    std::optional<Timeline> of_formula() {
        const YamlNode formula = node_[key_of(Course::kFormula)];
        const std::string text = formula.text();
        Timeline timeline;
        if (text.empty() && context_.diagnostics.has_errors()) return std::nullopt;
        if (steps_ == 0 || !take_regular(timeline, entries())) return std::nullopt;
        try {
            timeline.value = [f = formula_of_neuron_in_time(text, image_.shape), every = every_](
                                 std::uint32_t neuron, std::size_t entry) {
                return f(neuron, static_cast<double>(entry * every));
            };
            return timeline;
        } catch (const FormulaError& error) {
            formula.error("NET-FORMULA", fmt::format("formula '{}': {}", text, error.what()),
                          fmt::format("variables: t i n x y pi; functions: {}", kFormulaFunctions));
            return std::nullopt;
        }
    }

    /// Drawn anew in each entry: the numbers of entry k are those of argument 1 + k of the input.
    std::optional<Timeline> of_noise(Course course) {
        Timeline timeline;
        ValueRange range{driven_.arg,
                         "neuron",
                         image_.size,
                         static_cast<double>(driven_.declared->min),
                         static_cast<double>(driven_.declared->max),
                         ValueRange::of_input(context_, image_.shape)};
        if (steps_ == 0 || image_.size == 0) return std::nullopt;
        auto maker = noise_maker(context_, node_[key_of(course)], range, course == Course::kNormal);
        if (!maker || !take_regular(timeline, entries())) return std::nullopt;
        timeline.value = [maker = std::move(*maker)](std::uint32_t neuron, std::size_t entry) {
            return maker(neuron, 1 + static_cast<std::uint32_t>(entry));
        };
        return timeline;
    }

    std::optional<Timeline> of_file() {
        const auto data = context_.data.read(node_);
        return data ? of_array(*data, node_) : std::nullopt;
    }

    std::optional<Timeline> of_values() {
        const YamlNode list = node_[key_of(Course::kValues)];
        if (!expect_sequence(list, "values")) return std::nullopt;
        std::vector<double> all;
        std::vector<std::uint64_t> shape{list.items().size()};
        for (const YamlNode& item : list.items()) {
            const auto row = item.is_sequence() ? item.items() : std::vector<YamlNode>{item};
            if (item.is_sequence() && shape.size() == 1) shape.push_back(row.size());
            if (item.is_sequence() != (shape.size() == 2) ||
                (shape.size() == 2 && row.size() != shape[1])) {
                item.error("NET-SHAPE", "the rows of 'values' must be lists of the same length");
                return std::nullopt;
            }
            for (const YamlNode& value : row) {
                const auto number =
                    value.number("value", static_cast<double>(driven_.declared->min),
                                 static_cast<double>(driven_.declared->max));
                if (!number) return std::nullopt;
                all.push_back(*number);
            }
        }
        if (all.empty()) {
            list.error("NET-SHAPE", "'values' is empty");
            return std::nullopt;
        }
        const bool rows = shape.size() == 2;
        return of_table([all = std::move(all)](std::uint64_t i) { return all[i]; }, shape[0],
                        rows ? shape[1] : 1, list);
    }

    std::optional<Timeline> of_array(const DataArray& data, const YamlNode& where) {
        const std::uint64_t rows = data.shape().empty() ? 1 : data.shape()[0];
        return of_table([data](std::uint64_t i) { return data.number(i); }, rows,
                        rows == 0 ? 0 : data.count() / rows, where);
    }

    /// Rows of entries, with a value for all neurons or one for each.
    std::optional<Timeline> of_table(std::function<double(std::uint64_t)> number,
                                     std::uint64_t rows, std::uint64_t columns,
                                     const YamlNode& where) {
        if (columns != 1 && columns != image_.size) {
            where.error("NET-SHAPE",
                        fmt::format("a current has shape (steps,) or (steps, {}): one value for "
                                    "each neuron; this has {} columns",
                                    image_.size, columns));
            return std::nullopt;
        }
        Timeline timeline;
        timeline.whole = true;
        timeline.shared = columns == 1;
        if (!take_regular(timeline, rows)) return std::nullopt;
        timeline.value = [number = std::move(number), columns](std::uint32_t neuron,
                                                               std::size_t entry) {
            return number(entry * columns + (columns == 1 ? 0 : neuron));
        };
        return timeline;
    }

    Context& context_;
    const YamlNode& node_;
    const DrivenWord& driven_;
    const isa::InputImage& image_;
    std::uint64_t every_ = 1;
    std::uint64_t steps_ = 0;
};

/// The value of an entry as the argument takes it; nothing, with a message, if it is out of range.
std::optional<std::int64_t> argument_value(const Timeline& timeline, std::uint32_t neuron,
                                           std::size_t entry, const DrivenWord& driven,
                                           const YamlNode& where) {
    const double given = timeline.value(neuron, entry);
    const double value = timeline.whole ? given : std::round(given);
    const isa::ArgDecl& arg = *driven.declared;
    if (value == std::trunc(value) && value >= static_cast<double>(arg.min) &&
        value <= static_cast<double>(arg.max)) {
        return static_cast<std::int64_t>(value);
    }
    where.error(
        "NET-VALUE",
        fmt::format("'{}' of neuron {} in step {} is {}, must be an integer in [{}, {}]", arg.name,
                    neuron, timeline.step(entry), text_of_value(value), arg.min, arg.max),
        hint_of_range(where));
    return std::nullopt;
}

/// The writes of all entries, each only where the argument changes.
void write_changes(const Context& context, const Timeline& timeline, const DrivenWord& driven,
                   const YamlNode& where, isa::InputImage& image) {
    std::vector<std::optional<std::int64_t>> last(image.size);
    for (std::size_t entry = 0; entry < timeline.entries; ++entry) {
        const std::uint64_t step = timeline.step(entry);
        std::optional<std::int64_t> value;
        for (std::uint32_t i = 0; i < image.size; ++i) {
            if (i == 0 || !timeline.shared) {
                value = argument_value(timeline, i, entry, driven, where);
            }
            if (!value) return;
            if (timeline.shared && last[0] == value && i == 0) break;
            if (last[i] == value) continue;
            last[i] = value;
            const auto word = written_value(context, driven, i, *value, where);
            if (!word) return;
            image.spike_steps.push_back(step);
            image.spike_sources.push_back(i);
            image.spike_payloads.push_back(*word);
        }
        if (image.spike_steps.size() <= kMostWrites) continue;
        where.error("NET-SIZE", fmt::format("the current changes more than {} times", kMostWrites),
                    "fewer steps, or 'every' some steps");
        return;
    }
}

}  // namespace

void read_current(Context& context, const YamlNode& node, isa::InputImage& image) {
    const YamlNode current = node["current"];
    image.kind = isa::InputKind::kWrite;
    const auto driven = read_driven_word(context, node, image);
    if (!expect_map(current, "current") || !driven) return;
    const auto timeline = Reader{context, current, *driven, image}.read();
    if (!timeline || !driven->usable) return;
    try {
        write_changes(context, *timeline, *driven, current, image);
    } catch (const FormulaError& error) {
        current.error("NET-FORMULA", error.what());
    }
}

}  // namespace seamount::compiler::frontend
