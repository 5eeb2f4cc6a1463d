#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <utility>

#include "compiler/frontend/frontend.hpp"
#include "tools/base/clock.hpp"
#include "tools/base/config_library.hpp"
#include "tools/explore/check.hpp"
#include "tools/explore/strategy/design.hpp"
#include "tools/session/settings.hpp"

namespace seamount::explore {
namespace {

constexpr std::size_t kMostChecked = 64;  ///< values of one parameter
constexpr double kLongest = 3.0;          ///< seconds for what is not an end of a parameter

/// Places of a domain that are worth a try: the ends of numbers first, then the other values.
std::vector<double> units_to_try(const Domain& domain) {
    if (domain.is_interval()) return {0.0, 0.999999999};
    const auto less = [](const Value& a, const Value& b) {
        return std::holds_alternative<double>(a) && (!std::holds_alternative<double>(b) || a < b);
    };
    const auto [least, most] =
        std::minmax_element(domain.levels.begin(), domain.levels.end(), less);
    const auto first = static_cast<std::size_t>(least - domain.levels.begin());
    const auto last = static_cast<std::size_t>(most - domain.levels.begin());
    std::vector<double> units{domain.unit_of_level(first), domain.unit_of_level(last)};
    const std::size_t count = std::min(kMostChecked, domain.levels.size());
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t level = i * domain.levels.size() / count;
        if (level != first && level != last) units.push_back(domain.unit_of_level(level));
    }
    return units;
}

/// Reads the network of points to see whether it takes a value.
class NetworkTrial {
public:
    explicit NetworkTrial(const Sweep& sweep) : sweep_{sweep} {}

    /// What is wrong with `unit` of a parameter in every point with it that is tried; nothing if
    /// one point can be read, or none is part of the sweep.
    [[nodiscard]] std::optional<Diagnostic> complaint(std::size_t parameter, double unit) {
        std::optional<Diagnostic> first;
        const std::size_t dimensions = sweep_.space.parameters.size();
        std::size_t tried = 0;
        for (Place place : latin_hypercube(dimensions, 8 * kMostRead, 1)) {
            place[parameter] = unit;
            const auto point = sweep_.space.at(place);
            if (!point || !point->contains(sweep_.space.parameters[parameter].path)) continue;
            std::optional<Diagnostic> found = read(*point);
            if (!found) return std::nullopt;
            if (!first) first = std::move(found);
            if (++tried == kMostRead || dimensions == 1) break;
        }
        return first;
    }

private:
    /// Of this one too what was read is known: points often share their network.
    std::optional<Diagnostic> read(const Assignment& point) {
        const std::vector<std::string> assignments = assignments_of(point);
        const auto [entry, is_new] =
            known_.try_emplace(fmt::format("{}", fmt::join(assignments, "\n")));
        if (!is_new) return entry->second;
        Diagnostics found;
        (void)compiler::read_network(sweep_.network_file(), session::settings_of(assignments),
                                     tools::find_config_dir() / "neurons", found);
        for (const Diagnostic& finding : found.all()) {
            if (finding.severity != Severity::kError) continue;
            entry->second = finding;
            break;
        }
        return entry->second;
    }

    static constexpr std::size_t kMostRead = 3;  ///< points for a value

    const Sweep& sweep_;
    std::map<std::string, std::optional<Diagnostic>> known_;  ///< by assignments
};

}  // namespace

void check_network_values(const Sweep& sweep, Diagnostics& found) {
    const double started = tools::now_s();
    NetworkTrial trial{sweep};
    for (std::size_t i = 0; i < sweep.space.parameters.size(); ++i) {
        const Parameter& parameter = sweep.space.parameters[i];
        if (root_of(parameter.path) != Root::kNetwork || !parameter.domain.was_read()) continue;
        std::size_t tried = 0;
        for (const double unit : units_to_try(parameter.domain)) {
            if (++tried > 2 && tools::now_s() - started > kLongest) break;
            const std::optional<Diagnostic> wrong = trial.complaint(i, unit);
            if (!wrong) continue;
            found.error("EXP-VALUE", parameter.where,
                        fmt::format("{} = {}: {}", parameter.path,
                                    to_string(parameter.domain.at(unit)), wrong->message),
                        wrong->hint);
            break;
        }
    }
}

}  // namespace seamount::explore
