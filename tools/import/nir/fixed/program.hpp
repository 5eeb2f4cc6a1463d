#pragma once

#include <vector>

#include "tools/import/nir/fixed/fixed.hpp"

namespace seamount::importer::nir {

/// Chooses the neuron program of a population, rounds its decays to what the program has, and sets
/// the arguments that need no scale. Decays that round to 0 go to `found`.
[[nodiscard]] FixedPopulation choose_program(const Hdf5File& file, const Population& population,
                                             const NirOptions& options, Diagnostics& found);

/// Adds the arguments that count in units of v, once `fixed.scale` is known: threshold, bias, and
/// what u and v start with so that the population, which has a level, is in its first state when
/// the first input reaches it. Findings: IMP-VALUE, IMP-OPTION; `notes` gets what is only nearly
/// so.
void set_scaled_arguments(const Hdf5File& file, const Population& population,
                          const NirOptions& options, FixedPopulation& fixed, Diagnostics& found,
                          std::vector<std::string>& notes);

/// Largest bias that a program takes, in units of v.
[[nodiscard]] double largest_bias(const FixedPopulation& fixed);

inline constexpr double kUnit = 64;  ///< units of v in one of inputs and thresholds
inline constexpr double kLargestState = 8388607;
inline constexpr double kLargestThreshold = 131071;

}  // namespace seamount::importer::nir
