#pragma once

#include "compiler/ir/lowered.hpp"
#include "isa/chip/chip_spec.hpp"

namespace seamount::compiler {

class SynapseCache;  // compiler/cache/synapse_cache.hpp

/// Turns the user's terms into the chip's: arguments become parameters and initial state, weights
/// become mantissas on the grid of their format, connectivity rules become synapse tables.
///
/// Calls every row generator once and releases it. Reports CMP-ARG, CMP-VALUE, CMP-WEIGHT,
/// CMP-DELAY, CMP-FIT, CMP-PROGRAM and the warnings CMP-CLIP and CMP-ACCUMULATOR; the result is
/// usable only without errors.
/// With a `cache`, rows that it has are not generated again.
[[nodiscard]] Lowered lower(Network network, const isa::ChipSpec& chip, Diagnostics& diagnostics,
                            SynapseCache* cache = nullptr);

/// Folds the arguments of one population; `program` is left to the caller.
[[nodiscard]] LoweredPopulation lower_population(const Population& population,
                                                 Diagnostics& diagnostics);

/// Generates and quantises the synapses of one projection; its loss is appended to `losses`.
[[nodiscard]] LoweredProjection lower_projection(
    const Network& network, const Projection& projection, const isa::ChipSpec& chip,
    std::vector<QuantisationLoss>& losses, Diagnostics& diagnostics, SynapseCache* cache = nullptr);

}  // namespace seamount::compiler
