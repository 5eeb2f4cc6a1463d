#pragma once

#include <cstdint>
#include <vector>

#include "compiler/ir/lowered.hpp"

namespace seamount::compiler {

/// Where every neuron is in the image.
struct Layout {
    std::vector<std::uint32_t> core_of;         ///< per neuron: index into Image::cores
    std::vector<std::uint16_t> compartment_of;  ///< per neuron
};

/// Creates `image.cores` with their neurons and groups.
[[nodiscard]] Layout lay_out_compartments(const Lowered& lowered, const Mapping& mapping,
                                          isa::Image& image);

}  // namespace seamount::compiler
