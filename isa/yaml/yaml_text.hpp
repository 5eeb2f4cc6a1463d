#pragma once

#include <string>

#include "isa/yaml/yaml_tree.hpp"

namespace seamount::yaml {

/// A tree as YAML that reads as the same values: sections and their entries on lines of their own,
/// what is within them on one line. Comments and anchors are gone.
[[nodiscard]] std::string text_of(const Node& root);

}  // namespace seamount::yaml
