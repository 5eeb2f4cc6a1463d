#include "tools/run/read/csv_rows.hpp"

#include <algorithm>
#include <charconv>

#include "isa/base/diagnostic.hpp"

namespace seamount::tools {

const Cells* Rows::find(std::string_view name) const {
    const auto at = std::ranges::find(columns_, name, &Cells::name);
    return at == columns_.end() ? nullptr : &*at;
}

CsvRows::CsvRows(const std::filesystem::path& path)
    : path_{path.string()}, stream_{path, std::ios::binary} {
    if (!std::getline(stream_, text_)) {
        bad_input("RUN-RECORDS", path_, "cannot be read", "run again");
    }
    split_fields(text_, fields_);
    for (const std::string& name : fields_) columns_.push_back({name, column_info(name)});
    codes_.resize(columns_.size());
}

bool CsvRows::next() {
    count_ = 0;
    for (Cells& column : columns_) {
        column.integers.clear();
        column.decimals.clear();
        column.codes.clear();
    }
    while (count_ < kBlock && std::getline(stream_, text_)) {
        ++line_;
        split_fields(text_, fields_);
        if (fields_.size() != columns_.size()) {
            if (stream_.eof()) break;  // an interrupted run ends within a line
            throw InputError{{"RUN-RECORDS",
                              {path_, static_cast<std::uint32_t>(line_), 1},
                              "has another number of fields than the first line",
                              "run again"}};
        }
        for (std::size_t i = 0; i < columns_.size(); ++i) cell(i);
        ++count_;
    }
    return count_ != 0;
}

void CsvRows::cell(std::size_t column) {
    Cells& cells = columns_[column];
    const std::string& text = fields_[column];
    const char* const end = text.data() + text.size();
    if (cells.info.kind == ColumnKind::kInteger) {
        cells.integers.push_back(kMissing);
        std::from_chars(text.data(), end, cells.integers.back());
    } else if (cells.info.kind == ColumnKind::kDecimal) {
        cells.decimals.push_back(0.0);
        std::from_chars(text.data(), end, cells.decimals.back());
    } else {
        const auto [code, is_new] =
            codes_[column].try_emplace(text, static_cast<std::int64_t>(cells.texts.size()));
        if (is_new) cells.texts.push_back(text);
        cells.codes.push_back(code->second);
    }
}

}  // namespace seamount::tools
