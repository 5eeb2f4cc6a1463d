#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "compiler/frontend/network_keys.hpp"
#include "isa/chip/chip_spec.hpp"
#include "isa/yaml/yaml_paths.hpp"
#include "tools/explore/check.hpp"
#include "tools/explore/strategy/design.hpp"
#include "tools/session/settings.hpp"

namespace seamount::explore {
namespace {

constexpr std::size_t kMostChecked = 64;  ///< values of one parameter, first and last included
constexpr std::size_t kMostProbed = 8;    ///< points whose derived values are looked at

std::vector<Value> values_to_check(const Domain& domain) {
    if (domain.is_interval()) return {domain.at(0.0), domain.at(0.999999999)};
    if (domain.levels.size() <= kMostChecked) return domain.levels;
    std::vector<Value> some;
    for (std::size_t i = 0; i < kMostChecked; ++i) {
        some.push_back(domain.levels[i * (domain.levels.size() - 1) / (kMostChecked - 1)]);
    }
    return some;
}

/// Codes of findings that are about the path of an assignment, not about its value.
enum class AssignmentCode : std::uint8_t { kForm, kPath, kUnknown };
constexpr auto kAssignmentCodes =
    name_table<AssignmentCode>({{AssignmentCode::kForm, "CLI-SET"},
                                {AssignmentCode::kPath, "CLI-SET-PATH"},
                                {AssignmentCode::kUnknown, "CLI-SET-UNKNOWN"}});

/// Checks one path after the other; problems are at the place of the parameter in the sweep.
class PathChecker {
public:
    PathChecker(const Sweep& sweep, const RunOptions& options, Diagnostics& found)
        : sweep_{sweep}, options_{options}, found_{found} {}

    void check(const std::string& path, const Value& value, const SourceLocation& where) {
        if (bad_.contains(path)) return;
        const std::string name = without_root(path);
        const std::optional<Root> root = root_of(path);
        if (!root) return;  // was reported where the file was read
        switch (*root) {
            case Root::kChip:
                return check_chip(path, name, value, where);
            case Root::kNetwork:
                return check_network(path, name, value, where);
            case Root::kCompile:
            case Root::kRun:
                return check_option(path, name, value, where);
        }
    }

    /// Checks the path alone: a derived value may be legal only beside the others of its point.
    void check_name(const std::string& path, const Value& value, const SourceLocation& where) {
        names_only_ = true;
        check(path, value, where);
        names_only_ = false;
    }

    /// Reports what is wrong with the chip itself, once.
    void check_base_chip() { (void)base_chip_is_good(); }

    [[nodiscard]] bool paths_are_there() const noexcept { return paths_are_there_; }

private:
    void report(const std::string& code, const std::string& path, const SourceLocation& where,
                const std::string& message, const std::string& hint = {}) {
        bad_.insert(path);
        found_.error(code, where, message, hint);
    }

    void unknown(const std::string& path, const std::string& name, const SourceLocation& where,
                 const char* what, const std::vector<std::string>& known) {
        paths_are_there_ = false;
        const std::string near = closest(name, known);
        report("EXP-PATH", path, where, fmt::format("{} has no '{}'", what, name),
               near.empty()
                   ? fmt::format("known there: {}", fmt::join(known, ", "))
                   : fmt::format("did you mean '{}{}'?", path.substr(0, path.find('.') + 1), near));
    }

    void complain(const std::string& path, const Value& value, const SourceLocation& where,
                  const Diagnostic& first) {
        const bool is_path = parse(kAssignmentCodes, first.code).has_value();
        if (is_path) paths_are_there_ = false;
        if (names_only_ && !is_path) return;
        report(is_path ? "EXP-PATH" : "EXP-VALUE", path, where,
               fmt::format("{} = {}: {}", path, to_string(value), first.message), first.hint);
    }

    void check_chip(const std::string& path, const std::string& name, const Value& value,
                    const SourceLocation& where) {
        const Settings settings = session::settings_of({name + '=' + to_string(value)});
        try {
            (void)session::load_chip(sweep_.chip, settings);
        } catch (const InputError& error) {
            // A chip that cannot be read at all is reported once, by itself.
            if (base_chip_is_good()) complain(path, value, where, error.diagnostics().front());
            return;
        }
        if (!settings.unused().empty()) {
            unknown(path, name, where, "the chip", settings.declared());
        }
    }

    bool base_chip_is_good() {
        if (chip_checked_) return chip_good_;
        chip_checked_ = true;
        try {
            (void)session::load_chip(sweep_.chip, {});
        } catch (const InputError& error) {
            chip_good_ = false;
            found_.add(error);
        }
        return chip_good_;
    }

    void check_network(const std::string& path, const std::string& name, const Value& value,
                       const SourceLocation& where) {
        const Settings settings = session::settings_of({name + '=' + to_string(value)});
        Diagnostics problems;
        try {
            std::vector<std::filesystem::path> read;
            (void)yaml::network_tree(sweep_.network_file(), settings, compiler::network_form(),
                                     problems, read);
        } catch (const InputError& error) {
            if (!network_bad_) found_.add(error);
            network_bad_ = true;
            return;
        }
        for (Diagnostic problem : problems.all()) {
            if (problem.where.file != yaml::command_line().location().file) continue;
            static const std::string kNear = "did you mean '";
            if (problem.hint.starts_with(kNear)) problem.hint.insert(kNear.size(), "network.");
            return complain(path, value, where, problem);
        }
        if (!settings.unused().empty()) {
            const bool is_path = name.find('.') != std::string::npos;
            unknown(path, name, where, is_path ? "the network" : "vars: of the network",
                    is_path ? std::vector<std::string>{"populations", "projections", "inputs",
                                                       "learning", "probes", "readout"}
                            : settings.declared());
        }
    }

    void check_option(const std::string& path, const std::string& name, const Value& value,
                      const SourceLocation& where) {
        std::string option = name;
        std::replace(option.begin(), option.end(), '_', '-');
        const auto has = [&option](const std::vector<std::string>& names) {
            return std::find(names.begin(), names.end(), option) != names.end();
        };
        const auto& known = options_.names;
        if (has(options_.outputs)) {
            return report("EXP-PATH", path, where,
                          fmt::format("'{}' says where a run writes, or what it prints", path),
                          "a sweep keeps what its runs come to in its store; 'seamount explore "
                          "show' prints the command that runs one point by itself");
        }
        if (!has(known)) {
            return unknown(path, option, where, "'seamount run'", known);
        }
        if (names_only_) return;
        const auto wrong = options_.read(words_of(sweep_, {{path, value}}, std::nullopt)).wrong;
        if (wrong) {
            report("EXP-VALUE", path, where,
                   fmt::format("{} = {}: {}", path, to_string(value), *wrong));
        }
    }

    const Sweep& sweep_;
    const RunOptions& options_;
    Diagnostics& found_;
    std::set<std::string> bad_;  ///< one complaint for each path is enough
    bool names_only_ = false;
    bool paths_are_there_ = true;
    bool chip_checked_ = false;
    bool chip_good_ = true;
    bool network_bad_ = false;
};

/// Settings of which only one can hold.
void check_contradictions(const Sweep& sweep, Diagnostics& found) {
    if (sweep.seeds.empty()) return;
    const char* const message = "both it and 'seeds' or 'repeats' give the seed of the runs";
    const char* const hint = "keep one of them; seeds: repeats a point, a parameter makes others";
    const std::string path = "run.seed";
    for (const Parameter& parameter : sweep.space.parameters) {
        if (parameter.path == path) {
            found.error("EXP-PATH", parameter.where, fmt::format("{}: {}", path, message), hint);
        }
    }
}

}  // namespace

bool check_paths(const Sweep& sweep, const RunOptions& options, Diagnostics& found) {
    PathChecker checker{sweep, options, found};
    for (const auto& [path, value] : sweep.space.fixed) {
        checker.check(path, value, sweep.space.places.at(path));
    }
    for (const Parameter& parameter : sweep.space.parameters) {
        if (!parameter.domain.was_read()) continue;
        for (const Value& value : values_to_check(parameter.domain)) {
            checker.check(parameter.path, value, parameter.where);
        }
    }
    for (const Place& place : latin_hypercube(sweep.space.parameters.size(), kMostProbed, 1)) {
        const auto point = sweep.space.at(place);
        if (!point) continue;
        for (const Derived& derived : sweep.space.derived) {
            const auto value = point->find(derived.path);
            if (value != point->end())
                checker.check_name(derived.path, value->second, derived.where);
        }
    }
    if (sweep.screen) {
        for (const auto& [path, value] : sweep.screen->set) {
            checker.check(path, value, sweep.screen->places.at(path));
        }
    }
    checker.check_base_chip();
    check_contradictions(sweep, found);
    return checker.paths_are_there();
}

}  // namespace seamount::explore
