#pragma once

#include "compiler/frontend/context/context.hpp"

namespace seamount::compiler::frontend {

/// Reads `learning:` of the file's root into the network: rules, schedule, rewards. Populations
/// must have been read.
void read_learning(Context& context, const YamlNode& root);

/// Reads `learning:` of a projection: the name of a rule, or nothing.
void read_projection_learning(const Context& context, const YamlNode& projection, Projection& read);

}  // namespace seamount::compiler::frontend
