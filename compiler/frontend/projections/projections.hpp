#pragma once

#include "compiler/frontend/context/context.hpp"

namespace seamount::compiler::frontend {

/// The keys of a projection.
[[nodiscard]] const yaml::Form& projection_form();

/// Reads `projections:` of the file's root into the network; populations and inputs must have been
/// read.
void read_projections(Context& context, const YamlNode& root);

}  // namespace seamount::compiler::frontend
