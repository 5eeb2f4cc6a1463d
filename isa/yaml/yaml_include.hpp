#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "isa/yaml/yaml_tree.hpp"

namespace seamount::yaml {

/// The tree of a file with those that its `include:` names, a path or a list of paths relative to
/// the file that says so: sections become one, entries of included files first. `vars:` and values
/// that are no maps or lists are those of the including file, or of the later one; two entries of
/// one name are an error (YML-DUPLICATE). A file that is met again is taken once; one that includes
/// itself is refused with the chain (YML-INCLUDE). All files that were read are appended to
/// `files`, `path` first. Throws InputError (YML-FILE, YML-SYNTAX, YML-INCLUDE).
[[nodiscard]] std::unique_ptr<Node> parse_with_includes(const std::filesystem::path& path,
                                                        Diagnostics& diagnostics,
                                                        std::vector<std::filesystem::path>& files);

}  // namespace seamount::yaml
