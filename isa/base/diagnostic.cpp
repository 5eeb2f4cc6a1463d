#include "isa/base/diagnostic.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <utility>

namespace seamount {
namespace {

std::vector<Diagnostic> in_file_order(std::vector<Diagnostic> diagnostics) {
    std::stable_sort(diagnostics.begin(), diagnostics.end(),
                     [](const Diagnostic& a, const Diagnostic& b) { return a.where < b.where; });
    return diagnostics;
}

std::string join(const std::vector<Diagnostic>& diagnostics) {
    std::string text;
    for (const Diagnostic& d : diagnostics) {
        if (!text.empty()) text += '\n';
        text += to_string(d);
    }
    return text;
}

/// A character of a text, with the bytes that it takes; of bytes that are no UTF-8 each is one.
struct Character {
    std::uint32_t code = 0;
    std::size_t bytes = 1;
};

Character first_of(std::string_view text) {
    const auto byte = [text](std::size_t i) {
        return std::uint32_t{static_cast<unsigned char>(text[i])};
    };
    const std::uint32_t lead = byte(0);
    const std::size_t bytes = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
    if (bytes == 1 || bytes > text.size()) return {lead, 1};
    std::uint32_t code = lead & (0xFFU >> (bytes + 1));
    for (std::size_t i = 1; i < bytes; ++i) {
        if ((byte(i) & 0xC0U) != 0x80U) return {lead, 1};
        code = code << 6U | (byte(i) & 0x3FU);
    }
    return {code, bytes};
}

/// First and last of characters that nobody sees, or that move others: controls but tab and line
/// feed, no-break space, soft hyphen, zero-width ones and changes of direction.
constexpr std::array<std::pair<std::uint32_t, std::uint32_t>, 10> kInvisible{{{0x00, 0x08},
                                                                              {0x0B, 0x1F},
                                                                              {0x7F, 0xA0},
                                                                              {0xAD, 0xAD},
                                                                              {0x200B, 0x200B},
                                                                              {0x200E, 0x200F},
                                                                              {0x2028, 0x202F},
                                                                              {0x2060, 0x2069},
                                                                              {0x3000, 0x3000},
                                                                              {0xFEFF, 0xFEFF}}};

/// The text with `stand_in(code)` for each character that nobody sees.
template <class StandIn>
std::string without_invisible(std::string_view text, StandIn stand_in) {
    std::string seen;
    while (!text.empty()) {
        const Character next = first_of(text);
        const bool is_invisible = std::ranges::any_of(kInvisible, [&next](const auto& range) {
            return range.first <= next.code && next.code <= range.second;
        });
        // Of bytes that are no UTF-8, those above 0x7F stay: another says where they are.
        if (is_invisible && (next.code < 0x80 || next.bytes > 1)) {
            seen += stand_in(next.code);
        } else {
            seen += text.substr(0, next.bytes);
        }
        text.remove_prefix(next.bytes);
    }
    return seen;
}

std::string visible(std::string_view text) {
    return without_invisible(text,
                             [](std::uint32_t code) { return fmt::format("<U+{:04X}>", code); });
}

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// Insertions, deletions, replacements and swaps of neighbours that turn `a` into `b`, whatever the
/// case of the letters.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before(b.size() + 1);
    std::vector<std::size_t> last(b.size() + 1);
    std::vector<std::size_t> now(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        now[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const bool same = lower(a[i - 1]) == lower(b[j - 1]);
            now[j] = std::min({last[j] + 1, now[j - 1] + 1, last[j - 1] + (same ? 0U : 1U)});
            if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) &&
                lower(a[i - 2]) == lower(b[j - 1])) {
                now[j] = std::min(now[j], before[j - 2] + 1);
            }
        }
        std::swap(before, last);
        std::swap(last, now);
    }
    return last[b.size()];
}

/// Whether what is left of two names is alike without the parts, between underscores, that both
/// begin and end with: soft_lif is not point_lif.
bool has_close_parts(std::string_view a, std::string_view b) {
    constexpr char kBetween = '_';
    for (;;) {
        const std::size_t in_a = a.find(kBetween);
        const std::size_t in_b = b.find(kBetween);
        if (in_a == a.npos || in_b == b.npos || a.substr(0, in_a) != b.substr(0, in_b)) break;
        a.remove_prefix(in_a + 1);
        b.remove_prefix(in_b + 1);
    }
    for (;;) {
        const std::size_t in_a = a.rfind(kBetween);
        const std::size_t in_b = b.rfind(kBetween);
        if (in_a == a.npos || in_b == b.npos || a.substr(in_a) != b.substr(in_b)) break;
        a = a.substr(0, in_a);
        b = b.substr(0, in_b);
    }
    if (a.starts_with(b) || b.starts_with(a))
        return true;  // a part is missing: hop_ew of hop_ew_ns
    // Three letters and more: of two, one that differs is half.
    const std::size_t differ = distance(a, b);
    return differ < 2 || 3 * differ <= std::max(a.size(), b.size());
}

}  // namespace

std::string to_string(const Diagnostic& diagnostic) {
    std::string text;
    const SourceLocation& where = diagnostic.where;
    if (!where.file.empty()) {
        text = where.file;
        if (where.line != 0) text += fmt::format(":{}", where.line);
        if (where.line != 0 && where.column != 0) text += fmt::format(":{}", where.column);
        text += ": ";
    }
    text +=
        fmt::format("{}: {} [{}]", diagnostic.severity == Severity::kError ? "error" : "warning",
                    visible(diagnostic.message), diagnostic.code);
    if (!diagnostic.hint.empty()) text += "\n    hint: " + visible(diagnostic.hint);
    return text;
}

InputError::InputError(std::vector<Diagnostic> diagnostics)
    : std::runtime_error{join(in_file_order(diagnostics))},
      diagnostics_{in_file_order(std::move(diagnostics))} {}

InputError::InputError(Diagnostic diagnostic)
    : InputError{std::vector<Diagnostic>{std::move(diagnostic)}} {}

void Diagnostics::error(std::string code, SourceLocation where, std::string message,
                        std::string hint) {
    found_.push_back(
        {std::move(code), std::move(where), std::move(message), std::move(hint), Severity::kError});
    ++errors_;
}

void Diagnostics::warning(std::string code, SourceLocation where, std::string message,
                          std::string hint) {
    found_.push_back({std::move(code), std::move(where), std::move(message), std::move(hint),
                      Severity::kWarning});
}

void Diagnostics::add(const InputError& error) {
    for (const Diagnostic& d : error.diagnostics()) {
        found_.push_back(d);
        if (d.severity == Severity::kError) ++errors_;
    }
}

void Diagnostics::throw_if_errors() const {
    if (has_errors()) throw InputError{found_};
}

std::string closest(std::string_view word, const std::vector<std::string>& candidates) {
    constexpr std::size_t kLongestWord = 64;  // beyond that nobody meant a name
    std::string best;
    std::size_t least = kLongestWord;
    if (word.size() > kLongestWord) return best;
    const std::string seen = without_invisible(word, [](std::uint32_t) { return ""; });
    if (seen.size() < word.size()) return closest(seen, candidates);
    for (const std::string& candidate : candidates) {
        if (candidate.empty() || candidate.size() > kLongestWord) continue;
        const std::size_t letters = std::max(word.size(), candidate.size());
        const std::size_t differ = distance(word, candidate);
        if (3 * differ <= letters && differ < least && has_close_parts(word, candidate)) {
            least = differ;
            best = candidate;
        }
    }
    return best;
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates,
                         std::string_view otherwise) {
    const std::string near = closest(word, candidates);
    return near.empty() ? std::string{otherwise} : fmt::format("did you mean '{}'?", near);
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates) {
    return did_you_mean(
        word, candidates,
        candidates.empty() ? "" : fmt::format("there are: {}", fmt::join(candidates, ", ")));
}

void bad_input(std::string code, std::string file, std::string message, std::string hint) {
    Diagnostic fault;
    fault.code = std::move(code);
    fault.where.file = std::move(file);
    fault.message = std::move(message);
    fault.hint = std::move(hint);
    throw InputError(std::move(fault));
}

}  // namespace seamount
