#pragma once

#include "isa/base/diagnostic.hpp"
#include "tools/import/nir/graph/nir_options.hpp"
#include "tools/import/nir/graph/node.hpp"

namespace seamount::importer::nir {

/// Reads a NIR file as one flat graph: graphs inside it are opened, their Inputs and Outputs stay
/// as places to pass through. A file of a single node becomes a graph with an Input and an Output.
/// What is wrong goes to `found`, each at the path of its object: IMP-KEY, IMP-TYPE, IMP-VALUE,
/// IMP-HDF5; a rename that no edge needs is IMP-OPTION. The result is complete only if nothing is.
[[nodiscard]] Graph read_graph(const Hdf5File& file, const NirOptions& options, Diagnostics& found);

}  // namespace seamount::importer::nir
