#include "tools/explore/sweep/parameter_reader.hpp"

#include "tools/explore/sweep/sweep_keys.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <set>
#include <utility>

namespace seamount::explore {
namespace {

void check_path(const YamlNode& node, const std::string& path) {
    if (is_path(path)) return;
    node.error("EXP-PATH", fmt::format("'{}' does not say which file it is in", path),
               "chip.KEY, network.VARIABLE, network.PATH, compile.OPTION or run.OPTION");
}

/// A section whose keys are paths.
bool expect_paths(const YamlNode& section) {
    if (section.is_map()) return true;
    section.error("YML-TYPE", "must be a map of paths to values", "chip.mesh.flit_bits: 64");
    return false;
}

struct Interval {
    double low = 0.0;
    double high = 0.0;
};

std::optional<Interval> read_interval(const YamlNode& node, const std::string& key, double least) {
    const auto ends = node.is_sequence() ? node.items() : std::vector<YamlNode>{};
    if (ends.size() != 2) {
        node.error("YML-TYPE", fmt::format("'{}' must be [lowest, highest]", key));
        return std::nullopt;
    }
    const auto low = ends[0].number(key, least, kMaxEnd);
    const auto high = ends[1].number(key, least, kMaxEnd);
    if (!low || !high) return std::nullopt;
    if (!(*low <= *high)) {
        node.error("EXP-RANGE", fmt::format("the range from {} to {} is empty", *low, *high),
                   "give the smaller end first");
        return std::nullopt;
    }
    return Interval{*low, *high};
}

double rounded(double value, bool integer) {
    if (integer) return std::round(value);
    constexpr double kDigits = 1e12;  // 0.1 + 2 * 0.1 is meant to be 0.3
    const double scale = std::pow(10.0, std::ceil(std::log10(std::max(std::abs(value), 1e-300))));
    return std::round(value / scale * kDigits) / kDigits * scale;
}

void add_level(Domain& domain, double value) {
    if (!domain.levels.empty() && std::get<double>(domain.levels.back()) == value) return;
    domain.levels.emplace_back(value);
}

void levels_by_count(Domain& domain, std::uint32_t count) {
    for (std::uint32_t i = 0; i < count; ++i) {
        const double share = count > 1 ? i / (count - 1.0) : 0.0;
        const double value = domain.scale == Scale::kLogarithmic
                                 ? domain.low * std::pow(domain.high / domain.low, share)
                                 : domain.low + share * (domain.high - domain.low);
        add_level(domain, rounded(value, domain.integer));
    }
}

void levels_by_step(const YamlNode& node, Domain& domain, double step) {
    const double count = std::floor((domain.high - domain.low) / step * (1.0 + 1e-12)) + 1.0;
    if (!(count <= kMaxLevels)) {
        return node.error("EXP-RANGE",
                          fmt::format("{} values, must be at most {}", count, kMaxLevels),
                          "a larger step");
    }
    for (double i = 0; i < count; ++i) {
        add_level(domain, rounded(domain.low + i * step, domain.integer));
    }
}

bool is_whole(double value) {
    return value == std::trunc(value);
}

void read_range(const YamlNode& node, const YamlNode& range, Scale scale, Domain& domain) {
    const bool logarithmic = scale == Scale::kLogarithmic;
    const std::string key{name_of(kScaleNames, scale)};
    const auto ends = read_interval(range, key, logarithmic ? kLeastLog : -kMaxEnd);
    double step = 0.0;
    std::uint32_t points = 0;
    const bool has_step = !logarithmic && node.read("step", step);
    const bool has_points = node.read("points", points);
    if (!ends) return;
    domain.low = ends->low;
    domain.high = ends->high;
    domain.scale = scale;
    domain.integer = is_whole(ends->low) && is_whole(ends->high) && is_whole(step);
    node.read("integer", domain.integer);
    if (domain.integer && !(is_whole(ends->low) && is_whole(ends->high))) {
        return range.error("EXP-RANGE", "an integer range must have integer ends");
    }
    if (has_step && has_points) {
        return node.error("EXP-RANGE", "both 'step' and 'points' say how many values there are",
                          "keep one of them");
    }
    if (has_step) levels_by_step(node, domain, step);
    if (has_points) levels_by_count(domain, points);
    if (!has_step && !has_points && domain.integer && domain.high - domain.low < 64.0 &&
        !logarithmic) {
        levels_by_step(node, domain, 1.0);
    }
    if (domain.is_interval() && domain.low == domain.high) add_level(domain, domain.low);
}

void read_levels(const YamlNode& node, Domain& domain) {
    std::set<std::string> seen;
    for (const YamlNode& item : node.items()) {
        const std::string text = item.text();
        const Value level = item.is_number() ? value_of(text) : Value{text};
        if (!item.is_scalar()) continue;
        if (!seen.insert(to_string(level)).second) {
            item.error("EXP-RANGE", fmt::format("the value {} is listed twice", text),
                       "list each value once");
            continue;
        }
        domain.levels.push_back(level);
    }
    if (node.items().empty()) {
        node.error("EXP-RANGE", "the list of values is empty", "give at least one value");
    }
}

Domain read_domain(const YamlNode& node) {
    Domain domain;
    if (node.is_sequence()) {
        read_levels(node, domain);
        return domain;
    }
    if (!node.is_map()) {
        node.error("YML-TYPE", "must be a list of values or a map with values, range or log_range",
                   "[4, 8, 16] or {range: [4, 16], step: 4}; a single value belongs under set:");
        return domain;
    }
    const YamlNode values = node["values"];
    YamlNode range;
    Scale scale = Scale::kLinear;
    int given = values ? 1 : 0;
    for (const Scale known : seamount::values(kScaleNames)) {
        const YamlNode there = node[std::string{name_of(kScaleNames, known)}];
        if (!there) continue;
        ++given;
        range = there;
        scale = known;
    }
    if (given != 1) {
        node.error("EXP-RANGE", "needs exactly one of 'values', 'range' and 'log_range'");
    } else if (values && values.is_sequence()) {
        read_levels(values, domain);
    } else if (values) {
        values.error("YML-TYPE", "'values' must be a list");
    } else {
        read_range(node, range, scale, domain);
    }
    return domain;
}

/// Reads the three sections that build on each other; `found` is the file's.
class SpaceReader {
public:
    explicit SpaceReader(const YamlNode& root) : root_{root} {}

    Space read() {
        if (const YamlNode set = root_["set"]) space_.fixed = read_assignment(set, space_.places);
        if (const YamlNode parameters = root_.require("parameters")) read_parameters(parameters);
        if (const YamlNode derived = root_["derived"]) read_derived(derived);
        read_conditions();
        if (const YamlNode constraints = root_["constraints"]) read_constraints(constraints);
        return std::move(space_);
    }

private:
    void read_parameters(const YamlNode& parameters) {
        for (const auto& [path, node] : parameters.entries()) {
            check_path(node, path);
            if (space_.fixed.contains(path)) {
                node.error("EXP-PATH", fmt::format("'{}' is also under set:", path),
                           "a parameter varies, set: is for the rest");
            }
            space_.parameters.push_back(
                {path, parameters.where_key(path), read_domain(node), std::nullopt});
            nodes_.push_back(node);
        }
        if (space_.parameters.empty()) {
            parameters.error("EXP-RANGE", "a sweep needs at least one parameter");
        }
    }

    void read_derived(const YamlNode& derived) {
        if (!expect_paths(derived)) return;
        // A value may use those before it: names() is taken anew for each.
        for (const auto& [path, node] : derived.entries()) {
            if (path.empty()) node.error("EXP-PATH", "a derived value needs a name");
            if (space_.names().contains(path) && is_path(path)) {
                node.error("EXP-PATH", fmt::format("'{}' is also under set: or parameters:", path),
                           "a derived value is given nowhere else");
            }
            if (auto formula = read_formula(node, space_.names())) {
                space_.derived.push_back({path, derived.where_key(path), std::move(*formula)});
            }
        }
    }

    void read_conditions() {
        const auto names = space_.names();
        for (std::size_t i = 0; i < nodes_.size(); ++i) {
            if (!nodes_[i].is_map()) continue;
            if (const YamlNode when = nodes_[i]["when"]) {
                space_.parameters[i].when = read_formula(when, names);
            }
            nodes_[i].finish({"values", "range", "log_range", "step", "points", "integer"});
        }
    }

    void read_constraints(const YamlNode& constraints) {
        if (!constraints.is_sequence()) {
            return constraints.error("YML-TYPE", "'constraints' must be a list of formulas");
        }
        for (const YamlNode& node : constraints.items()) {
            if (auto formula = read_formula(node, space_.names())) {
                space_.constraints.push_back({node.where(), std::move(*formula)});
            }
        }
    }

    const YamlNode& root_;
    Space space_;
    std::vector<YamlNode> nodes_;  ///< of the parameters
};

}  // namespace

Space read_space(const YamlNode& root) {
    return SpaceReader{root}.read();
}

Assignment read_assignment(const YamlNode& map, Places& places) {
    Assignment assignment;
    if (!expect_paths(map)) return assignment;
    for (const auto& [path, node] : map.entries()) {
        check_path(node, path);
        const std::string text = node.text();
        places[path] = map.where_key(path);
        if (!node.is_scalar()) continue;
        assignment[path] = node.is_number() ? value_of(text) : Value{text};
    }
    return assignment;
}

std::optional<Formula> read_formula(const YamlNode& node,
                                    const std::map<std::string, std::string>& names) {
    const std::string text = node.text();
    if (!node.is_scalar()) return std::nullopt;
    try {
        Formula formula{text};
        bool known = true;
        for (const std::string& name : formula.names()) {
            if (names.contains(name)) continue;
            known = false;
            std::vector<std::string> candidates;
            for (const auto& [candidate, path] : names) candidates.push_back(candidate);
            node.error("EXP-FORMULA", fmt::format("'{}' uses the unknown name '{}'", text, name),
                       did_you_mean(name, candidates,
                                    fmt::format("known here: {}", fmt::join(candidates, ", "))));
        }
        if (known) return formula;
    } catch (const FormulaError& error) {
        node.error("EXP-FORMULA", fmt::format("'{}' is not a formula: {}", text, error.what()));
    }
    return std::nullopt;
}

}  // namespace seamount::explore
