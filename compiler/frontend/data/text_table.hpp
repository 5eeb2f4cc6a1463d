#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/frontend/data/data_array.hpp"

namespace seamount::compiler::frontend {

/// A .csv of any text, of which some columns are asked for: names and identifiers beside numbers.
/// Fields are separated by commas, semicolons or tabs, whichever the first line has, else by white
/// space; they may stand in double quotes. Lines that start with # and empty lines are skipped.
class TextTable {
public:
    /// `header` says whether the first line names the columns; without it, it does if none of its
    /// fields is a number. Throws DataError (NET-CSV) if there is no line.
    explicit TextTable(std::string text, std::optional<bool> header = std::nullopt);

    /// Empty without a header.
    [[nodiscard]] const std::vector<std::string>& columns() const noexcept { return names_; }
    [[nodiscard]] std::size_t width() const noexcept { return width_; }

    /// Calls visit(fields, line number) for every row. Throws DataError (NET-CSV) for a row of
    /// another width than the first and for a quote that does not end.
    void for_each_row(
        const std::function<void(std::span<const std::string>, std::size_t line)>& visit) const;

private:
    std::string text_;
    char separator_ = ' ';
    std::size_t width_ = 0;
    bool has_header_ = false;
    std::vector<std::string> names_;
};

/// Text of a .csv or .csv.gz. Throws DataError (NET-FILE, NET-CSV, NET-LARGE).
[[nodiscard]] std::string read_csv_text(const std::string& path,
                                        std::uint64_t max_input = kMaxInput);

}  // namespace seamount::compiler::frontend
