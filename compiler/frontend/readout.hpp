#pragma once

#include "compiler/frontend/context/context.hpp"
#include "isa/yaml/form.hpp"

namespace seamount::compiler::frontend {

/// Reads `readout:` of the file's root into the network; populations and inputs must have been
/// read.
void read_readout(Context& context, const YamlNode& root);

/// What `readout:` may hold.
[[nodiscard]] const yaml::Form& readout_form();

}  // namespace seamount::compiler::frontend
