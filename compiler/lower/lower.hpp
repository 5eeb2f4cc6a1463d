#pragma once

#include "compiler/ir/lowered.hpp"
#include "compiler/ir/synapse_source.hpp"
#include "isa/chip/chip_spec.hpp"

namespace seamount::compiler {

/// Turns the user's terms into the chip's: arguments become parameters and initial state, weights
/// become mantissas on the grid of their format, connectivity rules become synapse tables.
///
/// Asks `source` for the synapses of every projection once and releases its row generator. Reports
/// CMP-ARG, CMP-VALUE, CMP-WEIGHT, CMP-DELAY, CMP-FIT, CMP-PROGRAM and the warnings CMP-CLIP and
/// CMP-ACCUMULATOR; the result is usable only without errors.
[[nodiscard]] Lowered lower(Network network, const isa::ChipSpec& chip, SynapseSource& source,
                            Diagnostics& diagnostics);

/// The same with synapses that are generated.
[[nodiscard]] Lowered lower(Network network, const isa::ChipSpec& chip, Diagnostics& diagnostics);

/// Folds the arguments of one population; `program` is left to the caller.
[[nodiscard]] LoweredPopulation lower_population(const Population& population,
                                                 Diagnostics& diagnostics);

/// Lowers one projection with the synapses of `source`; its loss is appended to `losses`.
[[nodiscard]] LoweredProjection lower_projection(const Network& network,
                                                 const Projection& projection,
                                                 const isa::ChipSpec& chip, SynapseSource& source,
                                                 std::vector<QuantisationLoss>& losses,
                                                 Diagnostics& diagnostics);

}  // namespace seamount::compiler
