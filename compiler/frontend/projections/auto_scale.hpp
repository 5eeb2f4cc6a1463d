#pragma once

#include "compiler/frontend/context/context.hpp"

namespace seamount::compiler::frontend {

/// Chooses the scale of every population whose projections say `scale: auto`, after all of them are
/// read: puts the weights of those projections, their exponents and the arguments that the neuron
/// program declares `.scaled` in mantissas, and notes in Network::scales what it chose.
///
/// One scale holds for all projections to a population, so that ratios of weights, thresholds and
/// biases hold. It is the largest with which the projection of the smallest weights uses all
/// mantissas, those of larger weights get exponents, and no step in which all sources spike takes
/// the sum beyond what the program's `.acc` says; but at least the one with which the largest
/// weight uses all mantissas. Reports what cannot be scaled (NET-SCALE). Only after no error.
void choose_scales(Context& context);

}  // namespace seamount::compiler::frontend
