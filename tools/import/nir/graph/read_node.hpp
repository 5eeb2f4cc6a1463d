#pragma once

#include <string>

#include "isa/base/diagnostic.hpp"
#include "tools/import/nir/graph/node.hpp"

namespace seamount::importer::nir {

/// Fills the fields of a node of a known kind from the group `node.object`, each checked by itself.
/// What is wrong goes to `found` at the path of its object: IMP-KEY, IMP-VALUE, IMP-HDF5; fields
/// that nothing reads are named in `notes`. False if there is an error.
bool read_fields(const Hdf5File& file, Node& node, Diagnostics& found,
                 std::vector<std::string>& notes);

/// A shape, as Input and others store it: whole numbers from 1 on.
[[nodiscard]] Shape shape_of(const NumberArray& array);

}  // namespace seamount::importer::nir
