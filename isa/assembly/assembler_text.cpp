#include "isa/assembly/assembler_text.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace seamount::isa::assembly {
namespace {

bool is_blank(char c) {
    return c == ' ' || c == '\t';
}
bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool is_word(char c) {
    return is_letter(c) || is_digit(c);
}

std::string map(std::string_view text, char from, char to, int shift) {
    std::string result{text};
    for (char& c : result) {
        if (c >= from && c <= to) c = static_cast<char>(c + shift);
    }
    return result;
}

}  // namespace

Piece Piece::from(std::size_t offset) const {
    return {text.substr(offset), line, column + static_cast<std::uint32_t>(offset)};
}

Piece Piece::first(std::size_t count) const {
    return {text.substr(0, count), line, column};
}

Piece trim(Piece piece) {
    std::size_t begin = 0;
    while (begin < piece.text.size() && is_blank(piece.text[begin])) ++begin;
    piece = piece.from(begin);
    while (!piece.empty() && is_blank(piece.text.back())) piece.text.remove_suffix(1);
    return piece;
}

Piece take_word(Piece& rest) {
    const auto end = std::find_if_not(rest.text.begin(), rest.text.end(), is_word);
    const auto size = static_cast<std::size_t>(end - rest.text.begin());
    const Piece word = rest.first(size);
    rest = rest.from(size);
    return word;
}

std::vector<Piece> split_commas(Piece piece) {
    std::vector<Piece> parts;
    if (trim(piece).empty()) return parts;
    for (;;) {
        const std::size_t comma = piece.text.find(',');
        parts.push_back(trim(piece.first(std::min(comma, piece.text.size()))));
        if (comma == std::string_view::npos) return parts;
        piece = piece.from(comma + 1);
    }
}

bool is_name(std::string_view text) noexcept {
    return !text.empty() && is_letter(text.front()) &&
           std::all_of(text.begin(), text.end(), is_word);
}

bool is_register_name(std::string_view text) noexcept {
    return text.size() >= 2 && std::string_view{"rspaRSPA"}.find(text.front()) != text.npos &&
           std::all_of(text.begin() + 1, text.end(), is_digit);
}

std::optional<std::int64_t> parse_integer(std::string_view text) noexcept {
    const bool negative = text.starts_with('-');
    if (negative) text.remove_prefix(1);
    const bool hex = text.starts_with("0x") || text.starts_with("0X");
    if (hex) text.remove_prefix(2);
    std::uint64_t value = 0;
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value, hex ? 16 : 10);
    if (error != std::errc{} || stop != end || (value >> 62) != 0) return std::nullopt;
    return negative ? -static_cast<std::int64_t>(value) : static_cast<std::int64_t>(value);
}

std::string lower(std::string_view text) {
    return map(text, 'A', 'Z', 'a' - 'A');
}
std::string upper(std::string_view text) {
    return map(text, 'a', 'z', 'A' - 'a');
}

std::string quote(std::string_view text) {
    constexpr std::size_t kLongest = 40;
    std::string shown{text.substr(0, kLongest)};
    std::replace_if(
        shown.begin(), shown.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
    return fmt::format("'{}{}'", shown, text.size() > kLongest ? "..." : "");
}

std::string suggest(std::string_view word, const std::vector<std::string>& candidates,
                    std::string otherwise) {
    return did_you_mean(word, candidates, otherwise);
}

void Reporter::error(std::string code, const Piece& at, std::string message, std::string hint) {
    if (full()) return;
    if (found_.all().size() == kMaxFindings) {
        found_.error("ASM-MANY", locate(at),
                     fmt::format("more than {} problems, the rest is not shown", kMaxFindings));
        return;
    }
    found_.error(std::move(code), locate(at), std::move(message), std::move(hint));
}

void Reporter::add(const InputError& error) {
    for (const Diagnostic& d : error.diagnostics()) {
        this->error(d.code, {{}, d.where.line, d.where.column}, d.message, d.hint);
    }
}

std::size_t find_assignment(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '=') continue;
        if (i + 1 < text.size() && text[i + 1] == '=') {
            ++i;
        } else if (i == 0 || std::string_view{"<>!"}.find(text[i - 1]) == std::string_view::npos) {
            return i;
        }
    }
    return std::string_view::npos;
}

}  // namespace seamount::isa::assembly
