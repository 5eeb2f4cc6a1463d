#include "compiler/frontend/rows/values/formula_text.hpp"

#include <fmt/format.h>
#include <muParserError.h>

#include <string_view>

namespace seamount::compiler::frontend {

namespace {

constexpr std::size_t kMaxLength = 1000;  ///< characters of a formula

}  // namespace

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
