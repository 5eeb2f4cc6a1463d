#pragma once

#include "compiler/ir/lowered.hpp"
#include "isa/chip/chip_spec.hpp"

namespace seamount::compiler {

/// Writes the image: compartments, groups, synapse memory and axons of every used core, and the
/// fan-out lists of neurons and host inputs. Takes what the network carries (inputs, probes) out of
/// `lowered`. Requires a placed mapping within the limits of the chip and of the image.
///
/// Everything is numbered in a fixed order. Compartments of a core: population, profile, neuron.
/// Input axons of a core: host inputs first, then neurons by global id; one axon with one row per
/// source. Blocks of a row: by format; synapses of a block: projection, then generation order. A
/// block holds all synapses of its format: the blocks of 64 that the hardware makes are part of the
/// cost formula only. Throws InputError (NET-PROBE) if a probe of cores names one that is not used.
[[nodiscard]] isa::Image generate(Lowered lowered, const Mapping& mapping,
                                  const isa::ChipSpec& chip);

}  // namespace seamount::compiler
