#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <set>
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

    /// Errors that points have because the network has them as the sweep found it.
    [[nodiscard]] std::vector<Diagnostic> own_errors() const {
        std::vector<Diagnostic> met;
        for (std::size_t i = 0; own_ && i < own_->size(); ++i) {
            if (met_.contains(i)) met.push_back((*own_)[i]);
        }
        return met;
    }

private:
    /// Of this one too what was read is known: points often share their network.
    std::optional<Diagnostic> read(const Assignment& point) {
        const std::vector<std::string> assignments = assignments_of(point);
        const auto [entry, is_new] =
            known_.try_emplace(fmt::format("{}", fmt::join(assignments, "\n")));
        if (!is_new) return entry->second;
        for (const Diagnostic& error : errors_of(assignments)) {
            if (is_own(error)) continue;
            entry->second = error;
            break;
        }
        return entry->second;
    }

    [[nodiscard]] std::vector<Diagnostic> errors_of(const std::vector<std::string>& assignments) {
        Diagnostics found;
        (void)compiler::read_network(sweep_.network_file(), session::settings_of(assignments),
                                     tools::find_config_dir() / "neurons", found);
        std::vector<Diagnostic> errors;
        std::copy_if(found.all().begin(), found.all().end(), std::back_inserter(errors),
                     [](const Diagnostic& one) { return one.severity == Severity::kError; });
        return errors;
    }

    /// Whether the network has this error without any value of a parameter.
    bool is_own(const Diagnostic& error) {
        if (!own_) own_ = errors_of(assignments_of(sweep_.space.fixed));
        const auto same = std::find_if(own_->begin(), own_->end(), [&](const Diagnostic& one) {
            return one.where == error.where && one.message == error.message;
        });
        if (same == own_->end()) return false;
        met_.insert(static_cast<std::size_t>(same - own_->begin()));
        return true;
    }

    static constexpr std::size_t kMostRead = 3;  ///< points for a value

    const Sweep& sweep_;
    std::map<std::string, std::optional<Diagnostic>> known_;  ///< by assignments
    std::optional<std::vector<Diagnostic>> own_;  ///< of the network with `set:` alone, once asked
    std::set<std::size_t> met_;                   ///< those of them that points had
};

}  // namespace

void check_network_values(const Sweep& sweep, Diagnostics& found) {
    const double started = tools::now_s();
    NetworkTrial trial{sweep};
    for (std::size_t i = 0; i < sweep.space.parameters.size(); ++i) {
        const Parameter& parameter = sweep.space.parameters[i];
        if (root_of(parameter.path) != Root::kNetwork || !parameter.domain.was_read()) continue;
        std::size_t tried = 0;
        std::set<std::string> said;  // what is wrong with the path is wrong with each value
        for (const double unit : units_to_try(parameter.domain)) {
            if (++tried > 2 && tools::now_s() - started > kLongest) break;
            const std::optional<Diagnostic> wrong = trial.complaint(i, unit);
            if (!wrong || !said.insert(wrong->message).second) continue;
            found.error("EXP-VALUE", parameter.where,
                        fmt::format("{} = {}: {}", parameter.path,
                                    to_string(parameter.domain.at(unit)), wrong->message),
                        wrong->hint);
        }
    }
    for (const Diagnostic& error : trial.own_errors()) {
        found.error(error.code, error.where, error.message, error.hint);
    }
}

}  // namespace seamount::explore
