#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "isa/yaml/yaml.hpp"

namespace seamount::compiler::frontend {

/// What a part of a YAML file says, apart from its layout and comments: for recognising that it did
/// not change.
struct Content {
    std::string text;                          ///< variables replaced
    std::vector<std::filesystem::path> files;  ///< values of `file:` keys in it
};

/// Appends the content of `node`. Marks all of its keys as known: call it after finish().
void add_content(const YamlFile& yaml, const YamlNode& node, Content& content);

}  // namespace seamount::compiler::frontend
