#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace seamount::compiler {

/// Reads how often each of `neurons` neurons spikes from a data file (.npy, .npz, .csv, .csv.gz):
/// one number per neuron, or a table `neuron,spikes` by global id in which missing neurons are
/// silent, as `run --profile` writes it. Returns weights for MappingMethod::rates: 16 is the
/// mean, at least 1, at most 4,095; empty if no neuron spikes.
///
/// Throws InputError (NET-FILE, NET-NPY, NET-NPZ, NET-CSV, NET-SHAPE, NET-COLUMN, NET-VALUE) at
/// `where`.
[[nodiscard]] std::vector<std::uint32_t> read_profile(const std::filesystem::path& file,
                                                      const std::string& where,
                                                      std::uint32_t neurons);

}  // namespace seamount::compiler
