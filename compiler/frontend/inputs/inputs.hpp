#pragma once

#include "compiler/frontend/context/context.hpp"

namespace seamount::compiler::frontend {

/// The keys of an input.
[[nodiscard]] const yaml::Form& input_form();

/// Reads `inputs:` of the file's root into the network; populations must have been read.
void read_inputs(Context& context, const YamlNode& root);

}  // namespace seamount::compiler::frontend
