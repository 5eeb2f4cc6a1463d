#pragma once

#include <filesystem>
#include <string>

namespace seamount::tools {

/// Folder with chips/, networks/ and neurons/: the environment variable SEAMOUNT_CONFIGS, else
/// ../share/seamount/configs beside the executable's folder, else configs/ beside the file with
/// this code (the Python package), or share/seamount/configs of its prefix (libseamount), else
/// configs/ of the source tree. Throws InputError (CLI-CONFIGS) if none exists.
[[nodiscard]] std::filesystem::path find_config_dir();

/// `chip` as a file, or as the name of a file in chips/ of the library: `loihi1` is
/// configs/chips/loihi1.yaml. Throws InputError (CLI-CHIP) with the names there are.
[[nodiscard]] std::filesystem::path resolve_chip(const std::string& chip);

/// `program` as a file, or as the name of one in neurons/ of the library: `lif` is
/// configs/neurons/lif.asm. Throws InputError: CLI-NEURON, or CLI-FILE for what can only be a file.
[[nodiscard]] std::filesystem::path resolve_program(const std::string& program);

/// The chip that is meant when none is given.
inline constexpr const char* kDefaultChip = "loihi1";

}  // namespace seamount::tools
