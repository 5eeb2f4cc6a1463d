#pragma once

#include "compiler/frontend/hdf5/hdf5_file.hpp"

namespace seamount::importer {

using compiler::frontend::Hdf5File;
using compiler::frontend::NumberArray;

}  // namespace seamount::importer
