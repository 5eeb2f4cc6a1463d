#pragma once

#include "compiler/codegen/compartments.hpp"
#include "compiler/ir/lowered.hpp"

namespace seamount::compiler {

/// Writes the synapse memory and axons of all cores, and the fan-out lists of neurons and host
/// inputs: one walk counts, one fills, nothing is kept per synapse in between.
void write_synapse_memory(const Lowered& lowered, const Layout& layout, isa::Image& image);

}  // namespace seamount::compiler
