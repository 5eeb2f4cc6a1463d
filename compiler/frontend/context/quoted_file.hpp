#pragma once

#include <filesystem>
#include <string>

#include "isa/yaml/yaml.hpp"

namespace seamount::compiler::frontend {

/// Text as a YAML scalar.
[[nodiscard]] std::string in_quotes(const std::string& text);

/// A YAML file that says `KEY: {file: "FILE"}`, with more keys as `more` has them (", dt: 1"), so
/// that a data file of the command line is read and complained about, at `where`, as one of a
/// network.
[[nodiscard]] YamlFile naming_file(const std::string& key, const std::filesystem::path& file,
                                   const std::string& where, Diagnostics& found,
                                   const std::string& more = {});

}  // namespace seamount::compiler::frontend
