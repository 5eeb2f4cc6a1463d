#pragma once

#include <cstdint>
#include <filesystem>

#include "tests/system/process.hpp"

namespace seamount::test {

/// Waits until the process has a file open in `folder`, named or not, with at least `bytes`, that
/// is not its progress.json; false if that takes too long.
[[nodiscard]] bool writes_into(const Process& process, const std::filesystem::path& folder,
                               std::uintmax_t bytes);

}  // namespace seamount::test
