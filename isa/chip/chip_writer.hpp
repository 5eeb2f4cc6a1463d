#pragma once

#include <array>
#include <map>
#include <string>

#include "isa/chip/chip_spec.hpp"

namespace seamount::isa {

/// The complete chip as YAML: every number, no variables, only the price profile in force.
///
/// `citations` gives for the key path of a number the name of its entry in `sources:`; a number
/// with provenance but without a citation keeps its grade only. Parsing the text gives an equal
/// spec, whose text is the same again.
[[nodiscard]] std::string write_chip(const ChipSpec& spec,
                                     const std::map<std::string, std::string>& citations);

/// Stages that overlap, as in a chip file: "[axon_in, learning]".
[[nodiscard]] std::string stages_text(const std::array<bool, kStages>& overlaps);

}  // namespace seamount::isa
