#pragma once

#include "tools/import/nir/fold/model.hpp"

namespace seamount::importer::nir {

/// The neurons of a node; `steady` is what a bias before it adds up to, one value per neuron. What
/// cannot be goes to `found`; `notes` says what was decided.
[[nodiscard]] Population neurons_of(const Hdf5File& file, const Node& node,
                                    const std::vector<double>& steady, const NirOptions& options,
                                    Diagnostics& found);

/// Neurons that pass on what they get: where linear nodes lead to an Output.
[[nodiscard]] Population relay_of(const Node& output, const std::vector<double>& steady);

}  // namespace seamount::importer::nir
