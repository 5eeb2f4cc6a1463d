#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "compiler/frontend/data/data_array.hpp"

namespace seamount::compiler::frontend {

/// Parses a table of numbers: one row per line, fields separated by commas or by white space. A
/// first line that is not numbers names the columns; empty lines and lines that start with # are
/// skipped. The result has two dimensions and is of integers if every field is one. Throws
/// DataError (NET-CSV) with line and column.
[[nodiscard]] DataArray parse_csv(std::string_view text);

/// The text of a gzip file. Throws DataError (NET-FILE, NET-CSV).
[[nodiscard]] std::string read_gzip(const std::filesystem::path& path);

}  // namespace seamount::compiler::frontend
