#pragma once

#include <filesystem>
#include <string>

#include "tools/base/hdf5/hdf5_reader.hpp"
#include "tools/run/read/rows.hpp"

namespace seamount::tools {

/// Rows of a table that TableColumns wrote.
class Hdf5Rows final : public Rows {
public:
    /// Throws InputError (RUN-RECORDS), as next() does.
    Hdf5Rows(const std::filesystem::path& path, std::string table);
    [[nodiscard]] bool next() override;

private:
    Hdf5Reader file_;
    std::string table_;
    std::uint64_t at_ = 0;
    std::uint64_t rows_ = 0;
};

}  // namespace seamount::tools
