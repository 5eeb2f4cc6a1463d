#pragma once

#include <string>
#include <vector>

#include "tools/import/hdf5/hdf5_file.hpp"
#include "tools/import/network/network_text.hpp"
#include "tools/import/nir/graph/nir_options.hpp"

namespace seamount::importer {

/// Names of the options that were given; `like` is for all formats.
[[nodiscard]] std::vector<std::string> given(const NirOptions& options);

/// Reads a NIR graph as a network in integers: linear nodes between neurons become synapses, biases
/// become currents, delays are aligned so that paths of different lengths meet as they do in the
/// file. `data` names the .npz of its arrays. Throws InputError with every problem, each at the
/// path of its node: IMP-*.
[[nodiscard]] Imported import_nir(const Hdf5File& file, const std::string& data,
                                  const NirOptions& options);

}  // namespace seamount::importer
