#include "tools/report/series.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <tuple>

namespace seamount::report {
namespace {

using tools::Cells;
using tools::ColumnKind;

/// A field as JSON has it.
Json field_of(const Cells& column, std::size_t row) {
    if (column.info.kind == ColumnKind::kText) return column.text(row);
    if (column.info.kind == ColumnKind::kDecimal) return column.decimals[row];
    if (column.integers[row] == tools::kMissing) return {};
    return column.integers[row];
}

/// The longest steps, longest first.
class Longest {
public:
    explicit Longest(const tools::Rows& perf) : perf_{perf}, time_{perf.find("time_ns")} {}

    void add(std::size_t row) {
        constexpr std::size_t kMost = 10;
        if (time_ == nullptr) return;
        const double time = time_->decimals[row];
        if (steps_.size() == kMost && time <= steps_.back().first) return;
        Json json = Json::object();
        for (const char* const name :
             {"step", "time_ns", "spikes", "bound_by", "last_core", "source_core"}) {
            if (const Cells* const column = perf_.find(name)) json[name] = field_of(*column, row);
        }
        const auto at =
            std::ranges::find_if(steps_, [&](const auto& one) { return one.first < time; });
        steps_.insert(at, {time, std::move(json)});
        if (steps_.size() > kMost) steps_.pop_back();
    }
    [[nodiscard]] Json json() const {
        Json json = Json::array();
        for (const auto& [time, step] : steps_) json.push_back(step);
        return json;
    }

private:
    const tools::Rows& perf_;
    const Cells* time_;
    std::vector<std::pair<double, Json>> steps_;
};

}  // namespace

void Series::add(std::uint64_t step, double value) {
    const std::uint64_t begin = step / width_ * width_;
    if (!stretches_.empty() && stretches_.back().step == begin) {
        Stretch& last = stretches_.back();
        last.low = std::min(last.low, value);
        last.high = std::max(last.high, value);
        last.sum += value;
        return;
    }
    stretches_.push_back({begin, value, value, value});
    if (stretches_.size() > 2 * kFew) halve();
}

void Series::halve() {
    std::vector<Stretch> merged;
    while (stretches_.size() > kFew) {
        width_ *= 2;
        merged.clear();
        for (const Stretch& one : stretches_) {
            const std::uint64_t begin = one.step / width_ * width_;
            if (merged.empty() || merged.back().step != begin) {
                merged.push_back({begin, one.low, one.high, one.sum});
                continue;
            }
            merged.back().low = std::min(merged.back().low, one.low);
            merged.back().high = std::max(merged.back().high, one.high);
            merged.back().sum += one.sum;
        }
        const bool is_thin = merged.size() == stretches_.size();
        stretches_ = merged;
        if (is_thin && width_ > (std::uint64_t{1} << 40U)) break;
    }
}

Json Series::json() const {
    Json steps = Json::array();
    Json low = Json::array();
    Json high = Json::array();
    Json sum = Json::array();
    for (const Stretch& one : stretches_) {
        steps.push_back(one.step);
        low.push_back(one.low);
        high.push_back(one.high);
        sum.push_back(one.sum);
    }
    return {{"width", width_}, {"step", steps}, {"low", low}, {"high", high}, {"sum", sum}};
}

Json steps_json(tools::Rows& perf) {
    constexpr std::array kColumns{"time_ns", "energy_pj", "spikes", "synaptic_events", "packets"};
    std::array<Series, kColumns.size()> series;
    std::map<std::string, std::uint64_t> bounded;
    Longest longest{perf};
    const Cells* const steps = perf.find("step");
    const Cells* const bound = perf.find("bound_by");
    while (perf.next()) {
        for (std::size_t row = 0; row < perf.count(); ++row) {
            for (std::size_t i = 0; i < kColumns.size(); ++i) {
                const Cells* const column = perf.find(kColumns[i]);
                if (column == nullptr) continue;
                series[i].add(static_cast<std::uint64_t>(steps->integers[row]),
                              column->number(row));
            }
            if (bound != nullptr) ++bounded[bound->text(row)];
            longest.add(row);
        }
    }
    Json json{{"longest", longest.json()}, {"bounded", bounded}, {"series", Json::object()}};
    for (std::size_t i = 0; i < kColumns.size(); ++i) {
        if (perf.find(kColumns[i]) != nullptr) json["series"][kColumns[i]] = series[i].json();
    }
    return json;
}

Json traces_json(tools::Rows& potentials) {
    std::map<std::tuple<std::string, std::int64_t, std::string>, Series> traces;
    std::map<std::tuple<std::string, std::int64_t, std::string>, bool> left_out;
    const Cells* const steps = potentials.find("step");
    const Cells* const population = potentials.find("population");
    const Cells* const neuron = potentials.find("neuron");
    const Cells* const variable = potentials.find("variable");
    const Cells* const value = potentials.find("value");
    while (potentials.next()) {
        for (std::size_t row = 0; row < potentials.count(); ++row) {
            if (value->integers[row] == tools::kMissing) continue;
            const std::tuple key{population->text(row), neuron->integers[row], variable->text(row)};
            if (!traces.contains(key) && traces.size() == kMostTraces) {
                left_out[key] = true;
                continue;
            }
            traces[key].add(static_cast<std::uint64_t>(steps->integers[row]), value->number(row));
        }
    }
    Json json{{"traces", Json::array()}, {"left_out", left_out.size()}};
    for (const auto& [key, series] : traces) {
        Json trace = series.json();
        trace.erase("sum");
        trace["population"] = std::get<0>(key);
        trace["neuron"] = std::get<1>(key);
        trace["variable"] = std::get<2>(key);
        json["traces"].push_back(std::move(trace));
    }
    return json;
}

Json table_json(tools::Rows& rows, std::size_t most) {
    Json names = Json::array();
    for (const Cells& column : rows.columns()) names.push_back(column.name);
    Json lines = Json::array();
    while (lines.size() < most && rows.next()) {
        for (std::size_t row = 0; row < rows.count() && lines.size() < most; ++row) {
            Json line = Json::array();
            for (const Cells& column : rows.columns()) line.push_back(field_of(column, row));
            lines.push_back(std::move(line));
        }
    }
    return {{"columns", names}, {"rows", lines}};
}

StepRange range_of(tools::Rows& perf) {
    StepRange range;
    const Cells* const steps = perf.find("step");
    while (perf.next()) {
        const auto first = static_cast<std::uint64_t>(steps->integers.front());
        if (range.steps == 0) range.first = first;
        range.steps = static_cast<std::uint64_t>(steps->integers.back()) - range.first + 1;
    }
    return range;
}

}  // namespace seamount::report
