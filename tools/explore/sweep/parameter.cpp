#include "tools/explore/sweep/parameter.hpp"

#include <algorithm>
#include <cmath>

namespace seamount::explore {
namespace {

double interval_value(const Domain& domain, double unit) {
    // Each integer has an equal share of the interval.
    const double low = domain.integer ? domain.low - 0.5 : domain.low;
    const double high = domain.integer ? domain.high + 0.5 : domain.high;
    double value = 0.0;
    if (domain.scale == Scale::kLogarithmic) {
        const double from = std::log(std::max(low, domain.low * 0.5));
        value = std::exp(from + unit * (std::log(high) - from));
    } else {
        value = low + unit * (high - low);
    }
    if (domain.integer) value = std::round(value);
    return std::clamp(value, domain.low, domain.high);
}

}  // namespace

bool Domain::is_ordered() const {
    return std::all_of(levels.begin(), levels.end(),
                       [](const Value& level) { return std::holds_alternative<double>(level); });
}

Value Domain::at(double unit) const {
    if (is_interval()) return interval_value(*this, unit);
    const auto count = static_cast<double>(levels.size());
    const auto index = static_cast<std::size_t>(std::max(0.0, unit * count));
    return levels[std::min(index, levels.size() - 1)];
}

double Domain::unit_of_level(std::size_t index) const {
    return (static_cast<double>(index) + 0.5) / static_cast<double>(levels.size());
}

std::optional<Root> root_of(std::string_view path) {
    const std::size_t dot = path.find('.');
    if (dot == std::string_view::npos || dot + 1 == path.size()) return std::nullopt;
    return parse(kRootNames, path.substr(0, dot));
}

std::string without_root(const std::string& path) {
    return path.substr(path.find('.') + 1);
}

std::string short_name(const std::string& path) {
    const std::size_t dot = path.rfind('.');
    return dot == std::string::npos ? path : path.substr(dot + 1);
}

std::map<std::string, std::string> Space::names() const {
    std::vector<std::string> paths;
    for (const auto& [path, value] : fixed) paths.push_back(path);
    for (const Parameter& parameter : parameters) paths.push_back(parameter.path);
    for (const Derived& value : derived) paths.push_back(value.path);
    std::map<std::string, std::string> names;
    std::map<std::string, int> uses;
    for (const std::string& path : paths) ++uses[short_name(path)];
    for (const std::string& path : paths) {
        names[path] = path;
        if (uses[short_name(path)] == 1) names.emplace(short_name(path), path);
    }
    return names;
}

double Space::grid_size() const {
    double size = 1.0;
    for (const Parameter& parameter : parameters) {
        size *= static_cast<double>(parameter.domain.levels.size());
    }
    return size;
}

std::optional<Assignment> Space::at(const std::vector<double>& units) const {
    const auto known = names();
    Assignment point = fixed;
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        const Parameter& parameter = parameters[i];
        if (parameter.when) {
            const double condition = parameter.when->evaluate(lookup_in(point, known));
            if (std::isnan(condition) || condition == 0.0) continue;
        }
        point[parameter.path] = parameter.domain.at(units[i]);
    }
    return complete(point);
}

void Space::derive(Assignment& point) const {
    const auto known = names();
    for (const Derived& value : derived) {
        const double number = value.formula.evaluate(lookup_in(point, known));
        if (std::isfinite(number)) point[value.path] = number;
    }
}

std::optional<Assignment> Space::complete(const Assignment& given) const {
    const auto known = names();
    Assignment point = fixed;
    for (const auto& [path, value] : given) point[path] = value;
    derive(point);
    for (const Constraint& constraint : constraints) {
        const double holds = constraint.formula.evaluate(lookup_in(point, known));
        if (std::isnan(holds) || holds == 0.0) return std::nullopt;
    }
    std::erase_if(point, [](const auto& entry) { return !is_path(entry.first); });
    return point;
}

Formula::Lookup lookup_in(const Assignment& assignment,
                          const std::map<std::string, std::string>& names) {
    return [&assignment, &names](const std::string& name) -> const Value* {
        const auto path = names.find(name);
        const auto value = assignment.find(path == names.end() ? name : path->second);
        return value == assignment.end() ? nullptr : &value->second;
    };
}

}  // namespace seamount::explore
