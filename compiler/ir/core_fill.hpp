#pragma once

#include <cstdint>

#include "isa/base/ids.hpp"

namespace seamount::compiler {

/// What the neurons of a shard, or of a core, take of its resources.
struct CoreFill {
    std::uint32_t compartments = 0;
    std::uint32_t input_axons = 0;
    std::uint32_t output_axons = 0;
    std::uint64_t synapse_bits = 0;
    std::uint64_t synapses = 0;
    std::uint32_t neuron_groups = 0;
    std::uint32_t synapse_formats = 0;
    std::uint32_t microcode_words = 0;  ///< of the distinct programs that run here
};

/// The fill of a core of the chip, for reports.
struct PlacedFill : CoreFill {
    CoreId core;
};

}  // namespace seamount::compiler
