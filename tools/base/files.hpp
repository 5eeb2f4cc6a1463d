#pragma once

#include <filesystem>
#include <vector>

namespace seamount::tools {

/// True if the file starts with an image's magic.
[[nodiscard]] bool is_image(const std::filesystem::path& path);
/// True if the name ends in .yaml or .yml, or it is a stream (isa/input/input_file.hpp) of no
/// image.
[[nodiscard]] bool is_yaml(const std::filesystem::path& path);
/// Throws InputError (CLI-FILE) unless `path` is a readable file.
void require_file(const std::filesystem::path& path);
/// What is read of it, which no output may replace: a file itself, of a folder all regular files
/// below.
[[nodiscard]] std::vector<std::filesystem::path> files_of(const std::filesystem::path& source);

}  // namespace seamount::tools
