#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "compiler/frontend/hdf5/hdf5_file.hpp"

namespace seamount::compiler::frontend {

/// Spikes as SONATA has them: in milliseconds, in no order.
struct RecordedSpikes {
    std::vector<double> times_ms;
    std::vector<std::uint64_t> ids;  ///< of nodes, as many
};

/// True if the name of the file is that of an HDF5 file: .h5 or .hdf5.
[[nodiscard]] bool is_hdf5_name(const std::filesystem::path& file);

/// Names of the populations of a spikes file, `/spikes/NAME`; empty for the older dialect, which
/// has one without a name, `/spikes/gids`. Throws InputError (IMP-KEY) if the file has neither.
[[nodiscard]] std::vector<std::string> spike_populations(const Hdf5File& file);

/// The spikes of a population, or of the older dialect, whose name is empty. Throws InputError with
/// all problems at the path of the dataset: IMP-KEY, IMP-VALUE.
[[nodiscard]] RecordedSpikes read_recorded_spikes(const Hdf5File& file,
                                                  const std::string& population);

}  // namespace seamount::compiler::frontend
