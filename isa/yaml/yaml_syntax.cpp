#include "isa/yaml/yaml_syntax.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "isa/base/text_rows.hpp"

namespace seamount::yaml {
namespace {

/// A line as block style sees it: what begins within brackets or quotes is none.
struct Line {
    std::uint32_t number = 0;
    std::uint32_t indent = 0;   ///< spaces
    std::uint32_t content = 0;  ///< column of what follows the dashes of list items, from 0
    std::string_view text;      ///< without indentation and comment
    bool closes = false;        ///< has a value of its own: nothing may be nested below it
};

struct Opener {
    char what = ' ';
    std::uint32_t line = 0;
    std::uint32_t column = 0;
};

/// Where the colon of `key: value` or `key:` stands; none: npos.
std::size_t key_colon(std::string_view text) {
    char quote = ' ';
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (quote != ' ') {
            if (c == quote) quote = ' ';
        } else if (i == 0 && (c == '"' || c == '\'')) {
            quote = c;
        } else if (c == ':' && (i + 1 == text.size() || is_blank(text[i + 1]))) {
            return i;
        }
    }
    return std::string_view::npos;
}

/// Reads a text line by line, as far as it takes to know where block lines, brackets, quotes and
/// comments are.
class Scanner {
public:
    explicit Scanner(std::string_view text) : text_{text} {}

    void run() {
        std::uint32_t number = 1;
        for (std::size_t at = 0; at <= text_.size() && !fault_; ++number) {
            const std::size_t end = std::min(text_.find('\n', at), text_.size());
            scan(text_.substr(at, end - at), number);
            at = end + 1;
        }
    }

    [[nodiscard]] const std::vector<Line>& lines() const { return lines_; }
    [[nodiscard]] const std::vector<Opener>& open() const { return open_; }
    [[nodiscard]] const std::optional<Opener>& quote() const { return quote_; }
    /// Whether the quote cannot be a letter of text that goes on from the line above.
    [[nodiscard]] bool is_sure_of_quote() const { return is_sure_; }
    /// A bracket that closes another one or none.
    [[nodiscard]] const std::optional<SyntaxFault>& fault() const { return fault_; }
    /// The first tab before the text of a block line.
    [[nodiscard]] const std::optional<SyntaxFault>& tab() const { return tab_; }

private:
    void scan(std::string_view line, std::uint32_t number) {
        std::size_t at = 0;
        const bool is_block = open_.empty() && !quote_;
        if (is_block) {
            at = std::min(line.find_first_not_of(' '), line.size());
            if (block_text_ && (at > *block_text_ || trimmed(line).empty())) return;
            block_text_.reset();
            const std::size_t first = line.find_first_not_of(" \t\r");
            if (first == std::string_view::npos || line[first] == '#') return;
            if (line[at] == '\t' && !tab_) {
                tab_ = SyntaxFault{number, static_cast<std::uint32_t>(at) + 1,
                                   "a tab indents this line",
                                   "YAML indents with spaces only; replace the tabs"};
            }
        }
        const std::size_t end = walk(line, at, number);
        if (is_block) keep(line, at, end, number);
    }

    /// Gives the end of the line, or where its comment begins.
    std::size_t walk(std::string_view line, std::size_t at, std::uint32_t number) {
        const std::size_t first = at;
        bool begins = true;  // a value may begin here
        for (; at < line.size() && !fault_; ++at) {
            const char c = line[at];
            const auto column = static_cast<std::uint32_t>(at) + 1;
            if (quote_) {
                if (c == '\\' && quote_->what == '"') ++at;
                if (c == quote_->what) quote_.reset();
                continue;
            }
            if (c == '#' && (at == 0 || is_blank(line[at - 1]))) return at;
            if (is_blank(c)) continue;
            const bool flows = !open_.empty();
            const bool opens = (c == '[' || c == '{') && (begins || flows);
            if ((c == '"' || c == '\'') && begins) {
                quote_ = Opener{c, number, column};
                is_sure_ = at != first;
            } else if (opens) {
                open_.push_back({c, number, column});
            } else if ((c == ']' || c == '}') && flows) {
                close(c, number, column);
            }
            const bool next_is_apart = at + 1 == line.size() || is_blank(line[at + 1]);
            begins = opens || (c == ',' && flows) ||
                     ((c == ':' || c == '-' || c == '?') && next_is_apart);
        }
        return line.size();
    }

    void close(char c, std::uint32_t number, std::uint32_t column) {
        const Opener opener = open_.back();
        const char right = opener.what == '[' ? ']' : '}';
        if (c == right) return open_.pop_back();
        fault_ = SyntaxFault{number, column,
                             fmt::format("'{}' stands where the '{}' of line {}, column {} needs "
                                         "its '{}'",
                                         c, opener.what, opener.line, opener.column, right),
                             "lists are [...], maps are {...}"};
    }

    void keep(std::string_view line, std::size_t at, std::size_t end, std::uint32_t number) {
        Line block;
        block.number = number;
        block.indent = static_cast<std::uint32_t>(at);
        std::string_view text = trimmed(line.substr(at, end - at));
        std::size_t content = at;
        const auto is_item = [&text] {
            return text.starts_with('-') && (text.size() == 1 || text[1] == ' ');
        };
        while (is_item()) {
            const std::size_t next = std::min(text.find_first_not_of(' ', 1), text.size());
            content += next;
            text.remove_prefix(next);
        }
        block.content = static_cast<std::uint32_t>(content);
        block.text = text;
        const std::size_t colon = key_colon(text);
        const std::string_view value =
            colon == std::string_view::npos
                ? std::string_view{}
                : text.substr(std::min(text.find_first_not_of(" \t", colon + 1), text.size()));
        block.closes = !value.empty() && value.front() != '&' && value.front() != '!';
        if (value.starts_with('|') || value.starts_with('>')) block_text_ = block.indent;
        if (!text.empty()) lines_.push_back(block);
    }

    std::string_view text_;
    std::vector<Line> lines_;
    std::vector<Opener> open_;
    std::optional<Opener> quote_;
    bool is_sure_ = false;
    std::optional<std::uint32_t> block_text_;  ///< indentation of the key of `key: |`
    std::optional<SyntaxFault> fault_;
    std::optional<SyntaxFault> tab_;
};

std::string spaces(std::uint32_t count) {
    return fmt::format("{} space{}", count, count == 1 ? "" : "s");
}

/// The first line up to `last` whose indentation fits none of the open lines above, or that is
/// nested below a line that has its value.
std::optional<SyntaxFault> bad_indentation(const std::vector<Line>& lines, std::uint32_t last) {
    std::vector<std::uint32_t> open;
    const Line* above = nullptr;
    for (const Line& line : lines) {
        if (line.number > last) break;
        const std::vector<std::uint32_t> before = open;
        while (!open.empty() && open.back() > line.indent) open.pop_back();
        const bool left = open.size() != before.size();
        const bool is_new = open.empty() || open.back() < line.indent;
        if (is_new && left) {
            return SyntaxFault{
                line.number, line.indent + 1,
                fmt::format("this line is indented by {}, unlike any line that it could follow",
                            spaces(line.indent)),
                fmt::format("indent it by one of {}, as the lines above", fmt::join(before, ", "))};
        }
        const bool is_key = key_colon(line.text) != std::string_view::npos;
        if (is_new && above != nullptr && above->closes && is_key) {
            return SyntaxFault{
                line.number, line.indent + 1,
                fmt::format(
                    "this line is indented deeper than line {}, which has its value already",
                    above->number),
                fmt::format("indent it by {} as line {}, or move the value of that one below it",
                            spaces(above->content), above->number)};
        }
        if (is_new) open.push_back(line.indent);
        if (line.content != line.indent) open.push_back(line.content);
        above = &line;
    }
    return std::nullopt;
}

/// A line at `number`, or the last one before, that should have a key but has no colon.
std::optional<SyntaxFault> missing_colon(const std::vector<Line>& lines, std::uint32_t number) {
    std::size_t after = 0;
    while (after < lines.size() && lines[after].number <= number) ++after;
    for (std::size_t back = 1; back <= 2 && back <= after; ++back) {
        const Line& line = lines[after - back];
        if (key_colon(line.text) != std::string_view::npos || line.content != line.indent) continue;
        if (line.text.starts_with('"') || line.text.starts_with('[')) continue;
        const std::string_view name = line.text.substr(0, line.text.find_first_of(" :{["));
        const std::size_t colon = line.text.find(':');
        const bool is_tight = colon != std::string_view::npos;
        const std::size_t rest = line.text.find_first_not_of(' ', name.size());
        const std::string value =
            rest == std::string_view::npos ? "" : ' ' + std::string{line.text.substr(rest)};
        return SyntaxFault{line.number, line.indent + 1,
                           is_tight ? fmt::format("no space follows the ':' after '{}'", name)
                                    : fmt::format("no ':' follows the key '{}'", name),
                           is_tight ? fmt::format("write {}: {}", name, line.text.substr(colon + 1))
                                    : fmt::format("write {}:{}", name, value)};
    }
    return std::nullopt;
}

SyntaxFault open_quote(const Opener& quote) {
    return {quote.line, quote.column, fmt::format("the quote {} has no end", quote.what),
            "close it where the text ends"};
}

}  // namespace

std::optional<SyntaxFault> quote_without_end(std::string_view text) {
    Scanner scanner{text};
    scanner.run();
    if (scanner.fault() || !scanner.quote() || !scanner.is_sure_of_quote()) return std::nullopt;
    return open_quote(*scanner.quote());
}

SyntaxFault explain_syntax(std::string_view text, std::uint32_t line, std::uint32_t column,
                           const std::string& said) {
    Scanner scanner{text};
    scanner.run();
    const std::uint32_t last = line == 0 ? ~0U : line + 1;
    if (scanner.tab() && scanner.tab()->line <= last) return *scanner.tab();
    if (scanner.fault()) return *scanner.fault();
    if (scanner.quote()) return open_quote(*scanner.quote());
    if (!scanner.open().empty()) {
        const Opener& opener = scanner.open().front();
        return {opener.line, opener.column, fmt::format("'{}' is never closed", opener.what),
                fmt::format("add the '{}' that ends it", opener.what == '[' ? ']' : '}')};
    }
    if (const auto fault = bad_indentation(scanner.lines(), last)) return *fault;
    if (const auto fault = missing_colon(scanner.lines(), line)) return *fault;
    return {line, column, "not valid YAML: " + said,
            "values with : # { } [ ] or , inside need quotes"};
}

}  // namespace seamount::yaml
