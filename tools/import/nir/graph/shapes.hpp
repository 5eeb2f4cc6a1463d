#pragma once

#include "isa/base/diagnostic.hpp"
#include "tools/import/nir/graph/node.hpp"

namespace seamount::importer::nir {

/// Gives each node the shapes of what it takes and sends: from its own arrays where they say, else
/// from its neighbours. What contradicts goes to `found` at the path of the node: IMP-VALUE.
void find_shapes(const Hdf5File& file, Graph& graph, Diagnostics& found);

}  // namespace seamount::importer::nir
