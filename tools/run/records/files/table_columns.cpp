#include "tools/run/records/files/table_columns.hpp"

#include <charconv>

#include "isa/base/assert.hpp"
#include "tools/run/records/files/number_text.hpp"

namespace seamount::tools {
namespace {

template <class Number>
Number number_of(std::string_view text, Number missing) {
    Number value = missing;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

}  // namespace

void TableColumns::add(std::string_view lines) {
    for (std::size_t at = 0; at < lines.size();) {
        const std::size_t end = lines.find('\n', at);
        SM_ASSERT(end != std::string_view::npos, "records write whole lines");
        const std::string_view line = lines.substr(at, end - at);
        at = end + 1;
        split_fields(line, fields_);
        if (columns_.empty()) {
            head(std::string{line}, fields_);
            continue;
        }
        SM_ASSERT(fields_.size() == columns_.size(), "a line has a field for each column");
        for (std::size_t i = 0; i < fields_.size(); ++i) cell(columns_[i], fields_[i]);
    }
}

void TableColumns::head(const std::string& line, const std::vector<std::string>& names) {
    for (const std::string& name : names) {
        Column column{column_info(name)};
        const std::string path = "/" + table_ + "/" + name;
        switch (column.info.kind) {
            case ColumnKind::kInteger:
                column.dataset = file_.dataset(path, CellType::kI64);
                file_.attribute(path, "missing", "the least number of 64 bits: an empty field");
                break;
            case ColumnKind::kDecimal:
                column.dataset = file_.dataset(path, CellType::kF64);
                file_.attribute(path, "decimals", std::uint64_t{column.info.decimals});
                break;
            case ColumnKind::kText:
                column.dataset = file_.dataset(path, CellType::kU32);
                column.names = file_.dataset("/" + table_ + "/names/" + name, CellType::kText);
                file_.attribute(path, "names", "/" + table_ + "/names/" + name);
                break;
        }
        if (!column.info.units.empty()) file_.attribute(path, "units", column.info.units);
        columns_.push_back(std::move(column));
    }
    file_.attribute("/" + table_, "columns", line);
}

void TableColumns::cell(Column& column, std::string_view text) {
    switch (column.info.kind) {
        case ColumnKind::kInteger:
            return file_.append(column.dataset, number_of(text, kMissing));
        case ColumnKind::kDecimal:
            return file_.append(column.dataset, number_of(text, 0.0));
        case ColumnKind::kText:
            break;
    }
    if (column.codes.empty() || column.last_text != text) {
        auto found = column.codes.find(text);
        if (found == column.codes.end()) {
            const auto code = static_cast<std::uint32_t>(column.codes.size());
            found = column.codes.emplace(std::string{text}, code).first;
            file_.append_text(column.names, found->first);
        }
        column.last_text = text;
        column.last_code = found->second;
    }
    file_.append(column.dataset, column.last_code);
}

void TableColumns::add_integer(std::uint64_t value) {
    Column& column = columns_.at(at_++);
    if (column.info.kind == ColumnKind::kInteger) {
        return file_.append(column.dataset, static_cast<std::int64_t>(value));
    }
    cell(column, NumberText{value}.view());
}

void TableColumns::add_decimal(double value) {
    Column& column = columns_.at(at_++);
    SM_ASSERT(column.info.kind == ColumnKind::kDecimal, "the column has decimals");
    file_.append(column.dataset, value);
}

void TableColumns::add_text(std::string_view text) {
    cell(columns_.at(at_++), text);
}

void TableColumns::end_row() {
    SM_ASSERT(at_ == columns_.size(), "a row has a field for each column");
    at_ = 0;
}

}  // namespace seamount::tools
