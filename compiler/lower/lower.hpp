#pragma once

#include "compiler/ir/lowered.hpp"
#include "isa/spec/chip_spec.hpp"

namespace seamount::compiler {

/// Turns the user's terms into the chip's: arguments become parameters and initial state, weights
/// become mantissas on the grid of their format, connectivity rules become synapse tables.
///
/// Calls every row generator once and releases it. Reports CMP-ARG, CMP-VALUE, CMP-WEIGHT,
/// CMP-DELAY, CMP-FIT, CMP-PROGRAM and the warnings CMP-CLIP and CMP-ACCUMULATOR; the result is
/// usable only without errors.
[[nodiscard]] Lowered lower(Network network, const isa::ChipSpec& chip, Diagnostics& diagnostics);

/// Folds the arguments of one population; `program` is left to the caller.
[[nodiscard]] LoweredPopulation lower_population(const Population& population,
                                                 Diagnostics& diagnostics);

/// Generates and quantises the synapses of one projection; its loss is appended to `losses`.
[[nodiscard]] LoweredProjection lower_projection(const Network& network,
                                                 const Projection& projection,
                                                 const isa::ChipSpec& chip,
                                                 std::vector<QuantisationLoss>& losses,
                                                 Diagnostics& diagnostics);

}  // namespace seamount::compiler
