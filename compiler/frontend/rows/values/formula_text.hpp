#pragma once

#include <stdexcept>
#include <string>

namespace mu {
class Parser;
class ParserError;
}  // namespace mu

namespace seamount::compiler::frontend {

/// A formula cannot be parsed or evaluated; what() says where and why.
class FormulaError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// What all formulas keep, whatever their variables: throws FormulaError if the text is empty, too
/// long or assigns to a variable, which muParser would let it do.
void check_formula(const std::string& text);

/// What all formulas can call beside muParser's own functions: floor(a), ceil(a), and mod(a, b),
/// which has the sign of b: a - b * floor(a / b).
void define_functions(mu::Parser& parser);

/// The functions that formulas can call, for hints.
inline constexpr const char* kFormulaFunctions =
    "floor ceil rint mod abs sign min max sqrt exp ln log2 log10 sin cos tan, and a ? b : c";

/// What muParser found, with its place in the text.
[[nodiscard]] FormulaError described(const mu::ParserError& error);

}  // namespace seamount::compiler::frontend
