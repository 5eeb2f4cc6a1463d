#pragma once

#include <string>

#include "isa/chip/chip_spec.hpp"
#include "isa/yaml/yaml.hpp"

namespace seamount::isa {

/// Reads a chip from a tree that is complete: variables replaced, files that it extends merged.
/// `own_file` is the chip's own one, for ChipSpec::origins. Problems go to the diagnostics of the
/// node; what is absent or bad has its default.
[[nodiscard]] ChipSpec read_chip(const YamlNode& root, const std::string& own_file);

}  // namespace seamount::isa
