#pragma once

#include "compiler/frontend/context/context.hpp"

namespace seamount::compiler::frontend {

/// Reads `populations:` of the file's root into the network.
void read_populations(Context& context, const YamlNode& root);

}  // namespace seamount::compiler::frontend
