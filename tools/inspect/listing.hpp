#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace seamount::tools {

/// The microcode of an image, or of raw words as `raw_words` writes them, as assembler source;
/// that of one program assembles back to the same words. `program` names one program or learning
/// rule of an image; empty: all. Throws InputError: CLI-WORDS for what is neither,
/// CLI-PROGRAM for a name that the file does not hold.
[[nodiscard]] std::string listing_of_file(const std::filesystem::path& file,
                                          const std::string& program);

/// Microcode as bytes, each word little-endian on whatever machine.
[[nodiscard]] std::string raw_words(const std::vector<std::uint32_t>& words);

}  // namespace seamount::tools
