#pragma once

#include "tools/import/network/network_text.hpp"
#include "tools/import/nir/fixed/fixed.hpp"

namespace seamount::importer::nir {

/// Gives inputs and populations names that a network file can have, and notes those that change.
void give_names(Model& model);

/// Writes a model in integers as a network. `network` has nothing yet but its name.
void write(const Model& model, const Fixed& fixed, NetworkText& network);

}  // namespace seamount::importer::nir
