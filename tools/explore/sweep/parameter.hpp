#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "isa/base/diagnostic.hpp"
#include "isa/base/name_table.hpp"
#include "tools/explore/sweep/formula.hpp"
#include "tools/explore/sweep/value.hpp"

namespace seamount::explore {

/// How an interval is divided: equal differences or equal ratios are equally likely.
enum class Scale : std::uint8_t { kLinear, kLogarithmic };
/// Keys of an interval in a sweep file.
inline constexpr auto kScaleNames =
    name_table<Scale>({{Scale::kLinear, "range"}, {Scale::kLogarithmic, "log_range"}});

/// The values that a parameter may take: some levels, or an interval.
struct Domain {
    std::vector<Value> levels;  ///< in file order; empty: an interval
    double low = 0.0;           ///< of the interval, inclusive
    double high = 0.0;
    Scale scale = Scale::kLinear;
    bool integer = false;  ///< of the interval

    [[nodiscard]] bool is_interval() const noexcept { return levels.empty(); }
    /// False if the file says nothing that could be read.
    [[nodiscard]] bool was_read() const noexcept {
        return !is_interval() || low != 0.0 || high != 0.0;
    }
    /// True if the levels have an order: all are numbers.
    [[nodiscard]] bool is_ordered() const;
    /// The value at `unit` in [0, 1): levels in equal shares, an interval from low to high.
    [[nodiscard]] Value at(double unit) const;
    /// Where at() gives the level `index`: the middle of its share.
    [[nodiscard]] double unit_of_level(std::size_t index) const;
};

/// One dimension of a sweep.
struct Parameter {
    std::string path;  ///< "chip.topology.width", "network.n", "compile.placer", "run.steps"
    SourceLocation where;
    Domain domain;
    /// The parameter is set only where this is not 0; elsewhere the file's own value holds.
    std::optional<Formula> when;
};

/// A value computed from the parameters before it: a path is set to it, a plain name is only for
/// other formulas. Without a value, because a parameter that it needs is not set, it is not set.
struct Derived {
    std::string path;
    SourceLocation where;
    Formula formula;
};

/// Points where this is 0 (or has no value) are not part of the sweep.
struct Constraint {
    SourceLocation where;
    Formula formula;
};

/// What a path leads into: its part before the first point.
enum class Root : std::uint8_t {
    kChip,     ///< a number or a variable of the chip file
    kNetwork,  ///< a value or a variable of the network file
    kCompile,  ///< an option of `seamount run` that decides the mapping
    kRun,      ///< another option of `seamount run`
};
inline constexpr auto kRootNames = name_table<Root>({{Root::kChip, "chip"},
                                                     {Root::kNetwork, "network"},
                                                     {Root::kCompile, "compile"},
                                                     {Root::kRun, "run"}});

/// Nothing if `path` does not start with one of them and a point, or ends there.
[[nodiscard]] std::optional<Root> root_of(std::string_view path);
[[nodiscard]] inline bool is_path(std::string_view path) {
    return root_of(path).has_value();
}
/// What follows the root of a path.
[[nodiscard]] std::string without_root(const std::string& path);
/// The part of a path that can stand for it where no other ends the same: its last.
[[nodiscard]] std::string short_name(const std::string& path);

/// Where the values of a map of the file stand, by their paths.
using Places = std::map<std::string, SourceLocation>;

/// The space that a sweep explores.
struct Space {
    Assignment fixed;  ///< `set:`
    Places places;     ///< of `set:`, those of values that cannot be among them
    std::vector<Parameter> parameters;
    std::vector<Derived> derived;
    std::vector<Constraint> constraints;

    /// The assignment at a place of the unit cube, or nothing where a constraint excludes it.
    /// Throws FormulaError if a formula has no value.
    [[nodiscard]] std::optional<Assignment> at(const std::vector<double>& units) const;
    /// The same for given values of the parameters; paths that are missing stay unset.
    [[nodiscard]] std::optional<Assignment> complete(const Assignment& given) const;

    /// Adds the derived values to an assignment; those with plain names too.
    void derive(Assignment& point) const;

    /// Full names that formulas may use, and what they mean: short names lead to paths.
    [[nodiscard]] std::map<std::string, std::string> names() const;
    /// Points of the full grid before constraints, or 0 if a parameter is an interval without
    /// levels.
    [[nodiscard]] double grid_size() const;
};

/// Looks formula names up in `assignment`, by path or by short name.
[[nodiscard]] Formula::Lookup lookup_in(const Assignment& assignment,
                                        const std::map<std::string, std::string>& names);

}  // namespace seamount::explore
