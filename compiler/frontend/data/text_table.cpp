#include "compiler/frontend/data/text_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "compiler/frontend/data/csv.hpp"
#include "compiler/frontend/data/storage.hpp"
#include "isa/base/text_rows.hpp"

namespace seamount::compiler::frontend {

namespace {

[[noreturn]] void fail(const std::string& what) {
    throw DataError{"NET-CSV", what};
}

/// Cuts one line into fields.
class LineReader {
public:
    LineReader(std::string_view line, char separator, std::size_t number)
        : line_{line}, separator_{separator}, number_{number} {}

    void read(std::vector<std::string>& fields) {
        std::size_t count = 0;
        do {
            if (count == fields.size()) fields.emplace_back();
            field(fields[count++]);
            if (separator_ == ' ') skip_blanks();
        } while (next());
        fields.resize(count);
    }

private:
    void skip_blanks() {
        while (at_ < line_.size() && is_blank(line_[at_]) && line_[at_] != separator_) ++at_;
        while (separator_ == ' ' && at_ < line_.size() && is_blank(line_[at_])) ++at_;
    }
    /// True if another field follows.
    bool next() {
        if (separator_ == ' ') return at_ < line_.size();
        if (at_ >= line_.size()) return false;
        ++at_;  // the separator
        return true;
    }
    [[nodiscard]] bool ends_field(char c) const {
        return separator_ == ' ' ? is_blank(c) : c == separator_;
    }
    void field(std::string& out) {
        out.clear();
        skip_blanks();
        if (at_ < line_.size() && line_[at_] == '"') {
            quoted(out);
            while (at_ < line_.size() && !ends_field(line_[at_])) ++at_;
            return;
        }
        const std::size_t begin = at_;
        while (at_ < line_.size() && !ends_field(line_[at_])) ++at_;
        std::size_t end = at_;
        while (end > begin && is_blank(line_[end - 1])) --end;
        out.assign(line_.substr(begin, end - begin));
    }
    void quoted(std::string& out) {
        for (++at_; at_ < line_.size(); ++at_) {
            if (line_[at_] == '"') {
                if (at_ + 1 == line_.size() || line_[at_ + 1] != '"') {
                    ++at_;
                    return;
                }
                ++at_;
            }
            out += line_[at_];
        }
        fail(fmt::format("line {}: a quote does not end", number_));
    }

    std::string_view line_;
    char separator_;
    std::size_t number_;
    std::size_t at_ = 0;
};

bool is_number(const std::string& text) {
    double value = 0.0;
    const char* const end = text.data() + text.size();
    const auto [last, error] = std::from_chars(text.data(), end, value);
    return error == std::errc{} && last == end;
}

char separator_of(std::string_view line) {
    for (const char c : {',', ';', '\t'}) {
        if (line.find(c) != std::string_view::npos) return c;
    }
    return ' ';
}

}  // namespace

TextTable::TextTable(std::string text, std::optional<bool> header) : text_{std::move(text)} {
    TextRows rows{text_};
    if (!rows.next()) fail("the table has no rows");
    separator_ = separator_of(rows.line());
    std::vector<std::string> fields;
    LineReader{rows.line(), separator_, rows.number()}.read(fields);
    width_ = fields.size();
    has_header_ = header.value_or(std::none_of(fields.begin(), fields.end(), is_number));
    if (has_header_) names_ = std::move(fields);
}

void TextTable::for_each_row(
    const std::function<void(std::span<const std::string>, std::size_t line)>& visit) const {
    std::vector<std::string> fields;
    TextRows rows{text_};
    bool skips = has_header_;
    while (rows.next()) {
        if (std::exchange(skips, false)) continue;
        LineReader{rows.line(), separator_, rows.number()}.read(fields);
        if (fields.size() != width_) {
            fail(fmt::format("line {}: {} fields, the first line has {}", rows.number(),
                             fields.size(), width_));
        }
        visit(fields, rows.number());
    }
}

std::string read_csv_text(const std::string& path, std::uint64_t max_input) {
    if (path.ends_with(".gz")) return read_gzip(path, max_input);
    const auto storage = map_file(path);
    const auto bytes = storage->bytes();
    if (bytes.size() > max_input) refuse_unpacking(bytes.size(), max_input);
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace seamount::compiler::frontend
