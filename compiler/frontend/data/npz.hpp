#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "compiler/frontend/data/data_array.hpp"

namespace seamount::compiler::frontend {

/// Reads the member `array` (with or without ".npy") of a NumPy archive, stored or deflated, its
/// checksum checked. An empty `array` means the only member. Throws DataError (NET-NPZ, NET-NPY),
/// and NET-LARGE if it unpacks to more than `max_input` bytes.
[[nodiscard]] DataArray read_npz(const std::filesystem::path& path, const std::string& array,
                                 std::uint64_t max_input = kMaxInput);

/// The names of its arrays, without ".npy". Throws DataError (NET-NPZ).
[[nodiscard]] std::vector<std::string> npz_arrays(const std::filesystem::path& path);

}  // namespace seamount::compiler::frontend
