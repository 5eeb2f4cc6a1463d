#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "compiler/ir/lowered.hpp"

namespace seamount::compiler {

/// Population and parameter profile of a neuron: compartments of a core are grouped by it.
struct NeuronKind {
    std::uint32_t population = 0;
    std::uint32_t profile = 0;
    friend auto operator<=>(const NeuronKind&, const NeuronKind&) = default;
};

/// Where every neuron stands on its core. It follows from which neurons share a core alone, so the
/// partitioner can count exactly what codegen will write.
struct Layout {
    std::vector<std::uint32_t> core_of;               ///< per global neuron, as given
    std::vector<std::uint16_t> compartment_of;        ///< per global neuron
    std::vector<std::vector<std::uint32_t>> neurons;  ///< per core, by compartment
    std::vector<NeuronKind> kinds;                    ///< per global neuron
};

/// Compartments of a core ascend by population, then parameter profile, then the order of the
/// population. A core holds at most 65536 of them.
[[nodiscard]] Layout lay_out(const Lowered& lowered, std::span<const std::uint32_t> core_of_neuron,
                             std::uint32_t cores);

}  // namespace seamount::compiler
