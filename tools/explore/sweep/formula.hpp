#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "compiler/frontend/rows/values/formula_text.hpp"
#include "tools/explore/sweep/value.hpp"

namespace seamount::explore {

/// A formula is malformed, or has no value; what() says why and where in the text.
using compiler::frontend::FormulaError;

/// An expression over parameters and results: `topology.width * cores <= 128`,
/// `run.mesh == 'flit' ? 2 : 1`, `energy_j.total * modelled_time_s`.
///
/// Arithmetic, comparison and functions of muParser in double precision, plus log2, floor, ceil.
/// Names may contain dots. Words in single quotes compare with words. A name without a value is
/// NaN, for which every comparison but != is false. Not thread-safe.
class Formula {
public:
    /// Throws FormulaError.
    explicit Formula(std::string text);
    ~Formula();
    Formula(Formula&&) noexcept;
    Formula& operator=(Formula&&) noexcept;

    using Lookup = std::function<const Value*(const std::string&)>;
    /// `lookup` gives the value of each of names(), or null. Throws FormulaError.
    [[nodiscard]] double evaluate(const Lookup& lookup) const;

    [[nodiscard]] const std::string& text() const noexcept { return text_; }
    [[nodiscard]] const std::vector<std::string>& names() const noexcept;

private:
    struct Impl;
    std::string text_;
    std::unique_ptr<Impl> impl_;
};

}  // namespace seamount::explore
