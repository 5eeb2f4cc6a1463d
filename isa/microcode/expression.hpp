#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "isa/base/diagnostic.hpp"
#include "isa/base/range.hpp"

namespace seamount::isa {

/// An integer expression of microcode directives: `4096 - decay_u`, `ref > 0 ? (refract << 7) +
/// refract - ref : v`.
///
/// 64-bit arithmetic, C precedence: ?: || && | ^ & == != < <= > >= << >> + - * / % unary - ~ !,
/// parentheses, decimal and 0x literals, names, and min(a,b) max(a,b) abs(a) clip(x,lo,hi).
/// Overflow, shifts outside 0..62 and division by zero make evaluation fail with ExpressionError,
/// never undefined behaviour.
class Expression {
public:
    Expression();  ///< the constant 0
    ~Expression();
    Expression(const Expression&);
    Expression(Expression&&) noexcept;
    Expression& operator=(const Expression&);
    Expression& operator=(Expression&&) noexcept;

    /// Parses `text`, of which the first character stands at `where`. Throws InputError (ASM-EXPR).
    [[nodiscard]] static Expression parse(std::string_view text, const SourceLocation& where);

    using Lookup = std::function<std::int64_t(std::string_view)>;
    /// Evaluates; `lookup` gives the value of each name in names().
    [[nodiscard]] std::int64_t evaluate(const Lookup& lookup) const;

    using RangeLookup = std::function<Range(std::string_view)>;
    /// Bounds of all values that evaluate() can give when every name is anywhere in its range;
    /// evaluations that fail give none.
    [[nodiscard]] Range range(const RangeLookup& lookup) const;

    [[nodiscard]] const std::string& text() const noexcept { return text_; }
    [[nodiscard]] const std::vector<std::string>& names() const noexcept { return names_; }

private:
    struct Node;
    std::string text_;
    std::vector<std::string> names_;  ///< distinct, in order of first use
    std::shared_ptr<const Node> root_;
};

/// A name used in the text of an expression (not a function), and where it starts.
struct NameUse {
    std::size_t offset = 0;
    std::string_view name;
};

/// All uses of names in `text`, from left to right; for messages and for substitution.
[[nodiscard]] std::vector<NameUse> find_names(std::string_view text);

/// Evaluation failed (overflow, division by zero, bad shift); what() says which.
class ExpressionError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

}  // namespace seamount::isa
