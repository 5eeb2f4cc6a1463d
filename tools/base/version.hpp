#pragma once

#include <filesystem>
#include <string>

namespace seamount::tools {

/// Of this build: "0.1.0".
[[nodiscard]] const char* version() noexcept;

/// Which build this is, beyond its version: the content hash of the running executable; of
/// seamount-mpi that of its neighbour seamount, which it is the MPI build of.
[[nodiscard]] const std::string& build();
/// The same of another executable; that of no bytes if it cannot be read.
[[nodiscard]] std::string build_of(const std::filesystem::path& program);

}  // namespace seamount::tools
