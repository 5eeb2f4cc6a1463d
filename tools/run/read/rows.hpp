#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tools/run/records/files/columns.hpp"

namespace seamount::tools {

/// A column of the rows at hand; of the three vectors the one of its kind is filled.
struct Cells {
    std::string name;
    ColumnInfo info{};
    std::vector<std::int64_t> integers{};
    std::vector<double> decimals{};
    std::vector<std::int64_t> codes{};
    std::vector<std::string> texts{};  ///< by code; grows

    [[nodiscard]] const std::string& text(std::size_t row) const {
        return texts[static_cast<std::size_t>(codes[row])];
    }
    /// Integers and decimals as a number; an empty field is 0.
    [[nodiscard]] double number(std::size_t row) const {
        if (info.kind == ColumnKind::kDecimal) return decimals[row];
        return integers[row] == kMissing ? 0.0 : static_cast<double>(integers[row]);
    }
};

/// The rows of a table, block by block.
class Rows {
public:
    Rows() = default;
    virtual ~Rows() = default;
    Rows(const Rows&) = delete;
    Rows& operator=(const Rows&) = delete;

    /// Reads the next block; false if there is none. Throws InputError (RUN-RECORDS).
    [[nodiscard]] virtual bool next() = 0;

    [[nodiscard]] const std::vector<Cells>& columns() const noexcept { return columns_; }
    /// Rows of the block.
    [[nodiscard]] std::size_t count() const noexcept { return count_; }
    /// The column of this name; null if there is none.
    [[nodiscard]] const Cells* find(std::string_view name) const;

protected:
    static constexpr std::size_t kBlock = 65536;  ///< rows

    std::vector<Cells> columns_;
    std::size_t count_ = 0;
};

}  // namespace seamount::tools
