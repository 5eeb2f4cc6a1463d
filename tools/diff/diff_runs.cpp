#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <tuple>

#include "tools/diff/difference.hpp"

namespace seamount::diff {
namespace {

using tools::Cells;
using tools::Rows;
using tools::RunRecords;

/// The rows of a table one after the other.
class Walk {
public:
    explicit Walk(std::unique_ptr<Rows> rows) : rows_{std::move(rows)} { advance(); }

    [[nodiscard]] bool has() const noexcept { return there_; }
    [[nodiscard]] bool has_column(std::string_view name) const {
        return rows_->find(name) != nullptr;
    }
    void advance() { there_ = ++at_ < rows_->count() || (rows_->next() && (at_ = 0, true)); }
    [[nodiscard]] std::int64_t integer(std::string_view name) const {
        const Cells* const column = rows_->find(name);
        return column == nullptr ? 0 : column->integers[at_];
    }
    [[nodiscard]] std::string text(std::string_view name) const {
        const Cells* const column = rows_->find(name);
        return column == nullptr ? std::string{} : column->text(at_);
    }

private:
    std::unique_ptr<Rows> rows_;
    std::size_t at_ = static_cast<std::size_t>(-1);
    bool there_ = false;
};

/// A line of spikes or potentials, apart from its value.
struct Place {
    std::int64_t step = 0;
    std::string population;
    std::int64_t neuron = 0;
    std::string variable;

    friend auto operator<=>(const Place&, const Place&) = default;
    [[nodiscard]] std::string text() const {
        return fmt::format("step {}: {}[{}]{}", step, population, neuron,
                           variable.empty() ? "" : "." + variable);
    }
};

Place place_of(const Walk& walk, bool has_variable) {
    return {walk.integer("step"), walk.text("population"), walk.integer("neuron"),
            has_variable ? walk.text("variable") : std::string{}};
}

std::string shown(std::int64_t value) {
    return value == tools::kMissing ? "nothing" : fmt::format("{}", value);
}

struct FirstDifference {
    Place place;
    std::optional<std::int64_t> first;  ///< the value there; none: no such line
    std::optional<std::int64_t> second;
};

/// Where two tables part.
std::optional<FirstDifference> part(const RunRecords& a, const RunRecords& b, const char* table,
                                    const char* value) {
    Walk one{a.rows(table)};
    Walk other{b.rows(table)};
    const bool has_variable = one.has_column("variable");
    while (one.has() && other.has()) {
        const Place here = place_of(one, has_variable);
        const Place there = place_of(other, has_variable);
        if (here != there) {
            // The tables are by step, then by population as the networks have them: the earlier
            // step is what one of them has alone; within a step it is the first line that differs.
            if (there.step < here.step) return FirstDifference{there, {}, other.integer(value)};
            return FirstDifference{here, one.integer(value), {}};
        }
        if (one.integer(value) != other.integer(value)) {
            return FirstDifference{here, one.integer(value), other.integer(value)};
        }
        one.advance();
        other.advance();
    }
    if (one.has()) return FirstDifference{place_of(one, has_variable), one.integer(value), {}};
    if (other.has())
        return FirstDifference{place_of(other, has_variable), {}, other.integer(value)};
    return std::nullopt;
}

Json json_of(const FirstDifference& found) {
    Json json{{"step", found.place.step},
              {"population", found.place.population},
              {"neuron", found.place.neuron}};
    if (!found.place.variable.empty()) json["variable"] = found.place.variable;
    json["first"] = found.first ? Json(*found.first) : Json{};
    json["second"] = found.second ? Json(*found.second) : Json{};
    return json;
}

void compare_spikes(const RunRecords& a, const RunRecords& b, Difference& difference) {
    if (!a.has("spikes") || !b.has("spikes")) return;
    const auto found = part(a, b, "spikes", "payload");
    if (!found) return;
    difference.json["first_spike"] = json_of(*found);
    const std::string where = "first spike that differs, " + found->place.text();
    if (found->first && found->second) {
        difference.lines.push_back(
            fmt::format("{}: payload {} and {}", where, *found->first, *found->second));
    } else {
        difference.lines.push_back(
            fmt::format("{} spikes in {} only", where, (found->first ? a : b).folder().string()));
    }
}

void compare_states(const RunRecords& a, const RunRecords& b, Difference& difference) {
    if (a.has("potentials") != b.has("potentials")) {
        difference.lines.emplace_back("only one of the runs has probes");
        difference.json["probes"] = "only one of the runs has them";
        return;
    }
    if (!a.has("potentials")) return;
    const auto found = part(a, b, "potentials", "value");
    if (!found) return;
    difference.json["first_state"] = json_of(*found);
    difference.lines.push_back(fmt::format("first state that differs, {}: {} and {}",
                                           found->place.text(),
                                           found->first ? shown(*found->first) : "not recorded",
                                           found->second ? shown(*found->second) : "not recorded"));
}

/// What depends on the machine or the moment, not on the run; and format, which is no result.
bool is_compared(const std::string& key) {
    constexpr std::array<std::string_view, 8> kNot{"wall_s",  "steps_per_s", "peak_rss_bytes",
                                                   "hashes",  "threads",     "ranks",
                                                   "records", "version"};
    return std::ranges::find(kNot, key) == kNot.end();
}

void compare_values(const Json& a, const Json& b, const std::string& path, Difference& difference) {
    if (a == b) return;
    if (a.is_object() && b.is_object()) {
        for (const auto& [key, value] : a.items()) {
            const std::string inner = path.empty() ? key : path + "." + key;
            if (!path.empty() || is_compared(key)) {
                compare_values(value, b.contains(key) ? b[key] : Json{}, inner, difference);
            }
        }
        for (const auto& [key, value] : b.items()) {
            if (a.contains(key) || (path.empty() && !is_compared(key))) continue;
            compare_values(Json{}, value, path.empty() ? key : path + "." + key, difference);
        }
        return;
    }
    difference.json["counts"][path] = {a, b};
    std::string line = fmt::format("{}: {} and {}", path, json_text(a), json_text(b));
    if (a.is_number() && b.is_number() && a.get<double>() != 0.0) {
        line += fmt::format(" ({:+.3g} %)",
                            100.0 * (b.get<double>() - a.get<double>()) / a.get<double>());
    }
    difference.lines.push_back(std::move(line));
}

}  // namespace

Difference of_runs(const RunRecords& first, const RunRecords& second) {
    Difference difference;
    compare_spikes(first, second, difference);
    compare_states(first, second, difference);
    compare_values(first.summary(), second.summary(), "", difference);
    return difference;
}

}  // namespace seamount::diff
