#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "compiler/frontend/data/data_array.hpp"
#include "isa/base/diagnostic.hpp"
#include "isa/image/image.hpp"

namespace seamount::compiler {

/// Replaces what drives a host input by the spikes of a data file (.npy, .npz, .csv, .csv.gz:
/// step, index[, payload]; .h5: spikes of SONATA, which need `dt_ms`, the milliseconds of a step),
/// as `spikes: {file: ...}` of a network would. Returns warnings. Throws InputError with what is
/// wrong with the file (NET-*, IMP-*) at `where`, or at the path of an object in the file.
[[nodiscard]] std::vector<Diagnostic> bind_spikes(const std::filesystem::path& file,
                                                  const std::string& where,
                                                  std::optional<double> dt_ms,
                                                  isa::InputImage& input,
                                                  std::uint64_t max_input = frontend::kMaxInput);

}  // namespace seamount::compiler
