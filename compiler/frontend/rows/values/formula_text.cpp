#include "compiler/frontend/rows/values/formula_text.hpp"

#include <fmt/format.h>
#include <muParser.h>

#include <cmath>
#include <string_view>

namespace seamount::compiler::frontend {

namespace {

constexpr std::size_t kMaxLength = 1000;  ///< characters of a formula

double floor_of(double a) {
    return std::floor(a);
}
double ceil_of(double a) {
    return std::ceil(a);
}
double modulo(double a, double b) {
    return a - b * std::floor(a / b);
}

}  // namespace

void define_functions(mu::Parser& parser) {
    parser.DefineFun("floor", floor_of);
    parser.DefineFun("ceil", ceil_of);
    parser.DefineFun("mod", modulo);
}

void check_formula(const std::string& text) {
    if (text.empty() || text.size() > kMaxLength) {
        throw FormulaError{fmt::format("must have 1 to {} characters", kMaxLength)};
    }
    for (std::size_t k = 0; k < text.size(); ++k) {
        if (text[k] != '=') continue;
        const bool compares =
            k > 0 && std::string_view{"<>!="}.find(text[k - 1]) != std::string_view::npos;
        if (!compares && !(k + 1 < text.size() && text[k + 1] == '=')) {
            throw FormulaError{fmt::format("at character {}: '=' assigns, '==' compares", k + 1)};
        }
    }
}

FormulaError described(const mu::ParserError& error) {
    const int position = error.GetPos();
    if (position < 0) return FormulaError{error.GetMsg()};
    return FormulaError{fmt::format("at character {}: {}", position + 1, error.GetMsg())};
}

}  // namespace seamount::compiler::frontend
