#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace seamount {

/// Whether a character within a line separates or surrounds fields.
[[nodiscard]] constexpr bool is_blank(char c) noexcept {
    return c == ' ' || c == '\t' || c == '\r';
}

/// The text without the blanks around it.
[[nodiscard]] std::string_view trimmed(std::string_view text) noexcept;

/// Walks the rows of a .csv: the lines that hold something. A byte order mark, empty lines and
/// lines that start with # are skipped. The text must outlive the walk.
///
///     std::vector<std::string_view> fields;
///     for (TextRows rows{text}; rows.next();) {
///         split_row(rows.line(), ',', fields);
///     }
class TextRows {
public:
    explicit TextRows(std::string_view text) : text_{text} {
        if (text_.starts_with("\xEF\xBB\xBF")) at_ = 3;
    }

    /// Moves to the next row; false at the end.
    [[nodiscard]] bool next();

    /// The row without its line break.
    [[nodiscard]] std::string_view line() const noexcept { return line_; }
    /// Its number in the text, from 1.
    [[nodiscard]] std::size_t number() const noexcept { return number_; }

private:
    std::string_view text_;
    std::string_view line_;
    std::size_t at_ = 0;
    std::size_t number_ = 0;
};

/// Cuts a row at every separator, or at white space if that is the separator. Fields point into the
/// row, without the blanks around them; quotes have no meaning here.
void split_row(std::string_view row, char separator, std::vector<std::string_view>& fields);

}  // namespace seamount
