#pragma once

#include <string>
#include <utility>
#include <vector>

namespace seamount::tools {

/// Aligned text columns: the first row is the head. Numbers are not recognised; every column is
/// left-aligned and as wide as its widest cell.
class Table {
public:
    explicit Table(std::vector<std::string> head) { rows_.push_back(std::move(head)); }
    void add(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
    [[nodiscard]] bool empty() const noexcept { return rows_.size() == 1; }
    /// Each line indented by two spaces, without trailing blanks.
    [[nodiscard]] std::string text() const;

private:
    std::vector<std::vector<std::string>> rows_;
};

/// A field of a CSV line; quoted if it has to be.
[[nodiscard]] std::string csv_field(const std::string& text);
/// A whole line of them, with its end.
[[nodiscard]] std::string csv_line(const std::vector<std::string>& fields);

}  // namespace seamount::tools
