#pragma once

#include <filesystem>
#include <string>

#include "compiler/frontend/data/data_array.hpp"
#include "isa/image/image.hpp"

namespace seamount::compiler {

/// Replaces what drives a host input by the spikes of a data file (.npy, .npz, .csv, .csv.gz:
/// step, index[, payload]), as `spikes: {file: ...}` of a network would. Throws InputError with
/// what is wrong with the file (NET-*) at `where`.
void bind_spikes(const std::filesystem::path& file, const std::string& where,
                 isa::InputImage& input, std::uint64_t max_input = frontend::kMaxInput);

}  // namespace seamount::compiler
