#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace seamount::yaml {

/// What keeps a text from being YAML, in the user's terms. Lines and columns count from 1.
struct SyntaxFault {
    std::uint32_t line = 0;
    std::uint32_t column = 0;
    std::string message;
    std::string hint;
};

/// The likely cause of an error that the parser reports as `said` at `line` and `column`: a tab in
/// the indentation, a bracket or a quote without its end, indentation that fits no line above, a
/// missing colon; else what the parser said, where it said it.
[[nodiscard]] SyntaxFault explain_syntax(std::string_view text, std::uint32_t line,
                                         std::uint32_t column, const std::string& said);

/// A quote that is never closed; the parser takes the rest of the file for its text.
[[nodiscard]] std::optional<SyntaxFault> quote_without_end(std::string_view text);

}  // namespace seamount::yaml
