#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "compiler/frontend/data/data_array.hpp"

namespace seamount::compiler::frontend {

/// Parses a table of numbers: one row per line, fields separated by semicolons or commas, whichever
/// the first line has, else by white space. A first line that is not numbers names the columns;
/// empty lines and lines that start with # are skipped. The result has two dimensions and is of
/// integers if every field is one. Throws DataError (NET-CSV) with line and column, and NET-LARGE
/// before it takes more memory than `max_input` for the values.
[[nodiscard]] DataArray parse_csv(std::string_view text, std::uint64_t max_input = kMaxInput);

/// The text of a gzip file. Throws DataError (NET-FILE, NET-CSV), and NET-LARGE without keeping
/// anything if the text, or the table in it, takes more than `max_input` bytes.
[[nodiscard]] std::string read_gzip(const std::filesystem::path& path,
                                    std::uint64_t max_input = kMaxInput);

}  // namespace seamount::compiler::frontend
