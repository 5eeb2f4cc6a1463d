#include "tools/run/read/hdf5_rows.hpp"

#include <algorithm>
#include <utility>

namespace seamount::tools {

Hdf5Rows::Hdf5Rows(const std::filesystem::path& path, std::string table)
    : file_{path}, table_{"/" + std::move(table)} {
    std::vector<std::string> names;
    split_fields(file_.text(table_, "columns").value_or(""), names);
    for (const std::string& name : names) {
        columns_.push_back({name, column_info(name)});
        if (columns_.back().info.kind != ColumnKind::kText) continue;
        columns_.back().texts = file_.texts(table_ + "/names/" + name);
    }
    // an interrupted run has all columns of as many rows as it says, or more of some
    rows_ = columns_.empty() ? 0 : file_.size(table_ + "/" + names.front());
    for (const std::string& name : names) {
        rows_ = std::min(rows_, file_.size(table_ + "/" + name));
    }
}

bool Hdf5Rows::next() {
    count_ = static_cast<std::size_t>(std::min<std::uint64_t>(kBlock, rows_ - at_));
    for (Cells& column : columns_) {
        const std::string path = table_ + "/" + column.name;
        switch (column.info.kind) {
            case ColumnKind::kInteger:
                file_.read(path, at_, count_, column.integers);
                break;
            case ColumnKind::kDecimal:
                file_.read(path, at_, count_, column.decimals);
                break;
            case ColumnKind::kText:
                file_.read(path, at_, count_, column.codes);
                break;
        }
    }
    at_ += count_;
    return count_ != 0;
}

}  // namespace seamount::tools
