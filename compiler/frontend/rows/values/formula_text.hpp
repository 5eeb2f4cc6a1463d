#pragma once

#include <stdexcept>
#include <string>

namespace mu {
class ParserError;
}

namespace seamount::compiler::frontend {

/// A formula cannot be parsed or evaluated; what() says where and why.
class FormulaError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// What all formulas keep, whatever their variables: throws FormulaError if the text is empty, too
/// long or assigns to a variable, which muParser would let it do.
void check_formula(const std::string& text);

/// What muParser found, with its place in the text.
[[nodiscard]] FormulaError described(const mu::ParserError& error);

}  // namespace seamount::compiler::frontend
