#pragma once

#include <memory>

#include "compiler/frontend/data/data_array.hpp"

namespace seamount::compiler::frontend {

/// Reads the array of a NumPy file: format versions 1 to 3, C and Fortran order, booleans,
/// integers of 1 to 8 bytes and floats of 4 and 8 bytes in either byte order. The header is checked
/// against the size of the file before anything is allocated. Throws DataError (NET-NPY).
/// Source of the format: NumPy's NEP 1 and numpy.lib.format.
[[nodiscard]] DataArray read_npy(std::shared_ptr<const Storage> storage);

}  // namespace seamount::compiler::frontend
