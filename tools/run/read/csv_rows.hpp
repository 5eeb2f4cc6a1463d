#pragma once

#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "tools/run/read/rows.hpp"

namespace seamount::tools {

/// Rows of a CSV file of a run.
class CsvRows final : public Rows {
public:
    /// Throws InputError (RUN-RECORDS) if the file cannot be read.
    explicit CsvRows(const std::filesystem::path& path);
    [[nodiscard]] bool next() override;

private:
    void cell(std::size_t column);

    std::string path_;
    std::ifstream stream_;
    std::uint64_t line_ = 1;
    std::string text_;
    std::vector<std::string> fields_;
    std::vector<std::map<std::string, std::int64_t>> codes_;  ///< by column
};

}  // namespace seamount::tools
