#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "isa/base/diagnostic.hpp"
#include "tools/explore/sweep/formula.hpp"
#include "tools/explore/sweep/value.hpp"

namespace seamount::explore {

/// The values that a parameter may take: some levels, or an interval.
struct Domain {
    std::vector<Value> levels;  ///< in file order; empty: an interval
    double low = 0.0;           ///< of the interval, inclusive
    double high = 0.0;
    bool logarithmic = false;  ///< of the interval: equal ratios are equally likely
    bool integer = false;      ///< of the interval

    [[nodiscard]] bool is_interval() const noexcept { return levels.empty(); }
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

/// True if `path` starts with chip., network., compile. or run.
[[nodiscard]] bool is_path(const std::string& path);
/// The part of a path that can stand for it where no other ends the same: its last.
[[nodiscard]] std::string short_name(const std::string& path);

/// The space that a sweep explores.
struct Space {
    Assignment fixed;  ///< `set:`
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
