#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "isa/chip/chip_spec.hpp"
#include "isa/yaml/yaml.hpp"

namespace seamount::session {

/// Reads --set assignments. Throws InputError (CLI-SET) with all malformed ones.
[[nodiscard]] Settings settings_of(const std::vector<std::string>& assignments);
/// Bytes of "800M", "4G" or a plain number. Throws InputError (CLI-USAGE).
[[nodiscard]] std::uint64_t bytes_of(const std::string& size, const std::string& option);
/// Seconds of "90", "60s", "2m" or "1h". Throws InputError (CLI-USAGE).
[[nodiscard]] double seconds_of(const std::string& duration, const std::string& option);
/// Throws InputError (CLI-SET-UNKNOWN) for names that no file read so far declares;
/// `without_variables` is the hint if no file declares any.
void reject_unused(const Settings& settings,
                   const std::string& without_variables = "this run declares no variables");

/// The chip of a file or of the library by its name; empty: kDefaultChip. The files that it was
/// read from are added to `files`. Throws InputError.
[[nodiscard]] isa::ChipSpec load_chip(const std::string& chip, const Settings& settings,
                                      std::vector<std::filesystem::path>* files = nullptr);

}  // namespace seamount::session
