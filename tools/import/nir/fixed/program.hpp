#pragma once

#include <vector>

#include "tools/import/nir/fixed/fixed.hpp"

namespace seamount::importer::nir {

/// Chooses the neuron program of a population (`inhibited`: it has negative weights), rounds its
/// decays to what the program has, and sets the arguments that need no scale. Decays that round to
/// 0 go to `found`.
[[nodiscard]] FixedPopulation choose_program(const Hdf5File& file, const Population& population,
                                             bool inhibited, const NirOptions& options,
                                             Diagnostics& found);

/// Adds the arguments that count in units of v, once `fixed.scale` is known: threshold, bias, and
/// what u and v start with so that the population, which has a level, is in its first state when
/// the first input reaches it. Findings: IMP-VALUE, IMP-OPTION; `notes` gets what is only nearly
/// so.
void set_scaled_arguments(const Hdf5File& file, const Population& population,
                          const NirOptions& options, FixedPopulation& fixed, Diagnostics& found,
                          std::vector<std::string>& notes);

/// What is to be known of the neuron programs that NIR's classes become.
struct Program {
    const char* name;
    double unit;               ///< units of v in one of inputs and thresholds
    double decay_unit;         ///< what decays are fractions of; 0: it has none
    bool has_current;          ///< u, as a state that can be set
    double largest_state;      ///< of v
    double largest_threshold;  ///< mantissa
    double largest_bias;       ///< units of v
    bool has_own_threshold;    ///< in the state of each neuron
    bool has_bias_exponent;    ///< the bias is a mantissa and an exponent
};

}  // namespace seamount::importer::nir
