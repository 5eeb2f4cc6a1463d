#pragma once

#include "compiler/frontend/context/context.hpp"

namespace seamount::compiler::frontend {

/// Reads `inputs:` of the file's root into the network; populations must have been read.
void read_inputs(Context& context, const YamlNode& root);

}  // namespace seamount::compiler::frontend
