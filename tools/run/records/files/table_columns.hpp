#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tools/base/hdf5/growing_hdf5.hpp"
#include "tools/run/records/files/columns.hpp"

namespace seamount::tools {

/// A table of CSV as columns of an HDF5 file: `/TABLE/COLUMN`, with `units`, `decimals` and
/// `missing` as attributes; texts are codes into `/TABLE/names/COLUMN`. The attribute `columns` of
/// `/TABLE` is the line of names.
class TableColumns {
public:
    /// `file` must outlive it.
    TableColumns(GrowingHdf5& file, std::string table) : file_{file}, table_{std::move(table)} {}

    /// Whole lines, each with its end; the first one of all has the names of the columns.
    void add(std::string_view lines);

    /// Whether the line of names has come: what follows may come field by field.
    [[nodiscard]] bool has_head() const noexcept { return !columns_.empty(); }
    // The next field of a row, in the type of its column; texts as CSV has them, without quotes.
    void add_integer(std::uint64_t value);
    void add_decimal(double value);
    void add_text(std::string_view text);
    /// All fields have come.
    void end_row();

private:
    struct Column {
        ColumnInfo info;
        std::size_t dataset = 0;
        std::size_t names = 0;  ///< dataset of the texts
        std::map<std::string, std::uint32_t, std::less<>> codes{};
        std::string last_text{};  ///< most often it comes again
        std::uint32_t last_code = 0;
    };

    void head(const std::string& line, const std::vector<std::string>& names);
    void cell(Column& column, std::string_view text);

    GrowingHdf5& file_;
    std::string table_;
    std::vector<Column> columns_;
    std::vector<std::string> fields_;
    std::size_t at_ = 0;  ///< the next field of the row
};

}  // namespace seamount::tools
