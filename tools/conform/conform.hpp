#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tools/conform/vectors/case.hpp"

namespace seamount::conform {

/// Runs golden-vector files, or all `.json` files below folders, in name order: a line per case,
/// then `N passed, N failed, N skipped`. Neuron cases are compiled, written as an image, read back
/// and run through their microcode on the emulator's cores; tables are compared with the compiler's
/// own functions. A file that cannot be read or is no vector is a failed case. Returns 0, or 1 if a
/// case failed. Throws InputError for a path that does not exist or a folder without .json files.
[[nodiscard]] int run_conform(const std::vector<std::filesystem::path>& paths,
                              const ConformOptions& options);

}  // namespace seamount::conform
