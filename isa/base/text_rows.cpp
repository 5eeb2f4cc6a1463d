#include "isa/base/text_rows.hpp"

#include <algorithm>

namespace seamount {

std::string_view trimmed(std::string_view text) noexcept {
    while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
    return text;
}

bool TextRows::next() {
    while (at_ < text_.size()) {
        const std::size_t end = std::min(text_.find('\n', at_), text_.size());
        line_ = text_.substr(at_, end - at_);
        at_ = end + 1;
        ++number_;
        if (line_.ends_with('\r')) line_.remove_suffix(1);
        const std::string_view content = trimmed(line_);
        if (!content.empty() && content.front() != '#') return true;
    }
    return false;
}

void split_row(std::string_view row, char separator, std::vector<std::string_view>& fields) {
    const bool by_blanks = separator == ' ';
    fields.clear();
    std::size_t at = 0;
    while (true) {
        if (by_blanks) {
            while (at < row.size() && is_blank(row[at])) ++at;
            if (at == row.size()) return;
        }
        std::size_t end = at;
        while (end < row.size() && !(by_blanks ? is_blank(row[end]) : row[end] == separator)) ++end;
        fields.push_back(trimmed(row.substr(at, end - at)));
        if (end == row.size()) return;
        at = end + 1;
    }
}

}  // namespace seamount
