#pragma once

#include <cstdint>

namespace seamount::compiler {

/// Fill of one core, for reports.
struct CoreFill {
    std::uint32_t core = 0;
    std::uint32_t compartments = 0;
    std::uint32_t input_axons = 0;
    std::uint32_t output_axons = 0;
    std::uint64_t synapse_bits = 0;
    std::uint64_t synapses = 0;
    std::uint32_t neuron_groups = 0;
    std::uint32_t synapse_formats = 0;
    std::uint32_t microcode_words = 0;  ///< of the distinct programs that run here
};

}  // namespace seamount::compiler
