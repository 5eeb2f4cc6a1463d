#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "isa/base/diagnostic.hpp"

/// The assembler's view of its input: pieces of lines that know where they stand.
namespace seamount::isa::assembly {

/// A part of one source line.
struct Piece {
    std::string_view text;
    std::uint32_t line = 0;
    std::uint32_t column = 1;  ///< of the first character

    [[nodiscard]] bool empty() const noexcept { return text.empty(); }
    [[nodiscard]] Piece from(std::size_t offset) const;
    [[nodiscard]] Piece first(std::size_t count) const;
};

/// Without blanks at both ends. An empty result stands where the text ended.
[[nodiscard]] Piece trim(Piece piece);
/// Cuts off and returns the leading run of letters, digits and underscores; may be empty.
[[nodiscard]] Piece take_word(Piece& rest);
/// The pieces between commas, trimmed; nothing if `piece` is blank.
[[nodiscard]] std::vector<Piece> split_commas(Piece piece);

/// A letter or underscore, then letters, digits and underscores.
[[nodiscard]] bool is_name(std::string_view text) noexcept;
/// True for r, s, p or a followed by digits only: names of the machine's own words.
[[nodiscard]] bool is_register_name(std::string_view text) noexcept;
/// Decimal or 0x hexadecimal with an optional minus; nothing if it is no number or beyond 62 bits.
[[nodiscard]] std::optional<std::int64_t> parse_integer(std::string_view text) noexcept;

[[nodiscard]] std::string lower(std::string_view text);
[[nodiscard]] std::string upper(std::string_view text);
/// The text in quotes for a message: shortened if long, with bytes that do not print replaced.
[[nodiscard]] std::string quote(std::string_view text);
/// "did you mean 'x'?" if a candidate is close to `word`, else `otherwise`.
[[nodiscard]] std::string suggest(std::string_view word, const std::vector<std::string>& candidates,
                                  std::string otherwise = {});

/// Collects the findings of one file, up to a bound.
class Reporter {
public:
    static constexpr std::size_t kMaxFindings = 100;

    explicit Reporter(std::string file) : file_{std::move(file)} {}

    void error(std::string code, const Piece& at, std::string message, std::string hint = {});
    void add(const InputError& error);
    [[nodiscard]] SourceLocation locate(const Piece& piece) const {
        return {file_, piece.line, piece.column};
    }
    [[nodiscard]] bool full() const noexcept { return found_.all().size() > kMaxFindings; }
    void throw_if_errors() const { found_.throw_if_errors(); }

private:
    std::string file_;
    Diagnostics found_;
};

/// Position of an '=' that is not part of ==, <=, >= or !=.
[[nodiscard]] std::size_t find_assignment(std::string_view text);

}  // namespace seamount::isa::assembly
