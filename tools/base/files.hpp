#pragma once

#include <filesystem>

namespace seamount::tools {

/// True if the file starts with an image's magic.
[[nodiscard]] bool is_image(const std::filesystem::path& path);
/// True if the name ends in .yaml or .yml, or it is a stream (isa/input/input_file.hpp) of no
/// image.
[[nodiscard]] bool is_yaml(const std::filesystem::path& path);
/// Throws InputError (CLI-FILE) unless `path` is a readable file.
void require_file(const std::filesystem::path& path);

}  // namespace seamount::tools
