#pragma once

#include <filesystem>
#include <string>

#include "compiler/frontend/data/data_array.hpp"

namespace seamount::compiler::frontend {

/// Reads the member `array` (with or without ".npy") of a NumPy archive, stored or deflated, its
/// checksum checked. An empty `array` means the only member. Throws DataError (NET-NPZ, NET-NPY).
[[nodiscard]] DataArray read_npz(const std::filesystem::path& path, const std::string& array);

}  // namespace seamount::compiler::frontend
