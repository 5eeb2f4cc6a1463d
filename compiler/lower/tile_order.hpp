#pragma once

#include <cstdint>
#include <vector>

namespace seamount::compiler {

/// Neurons of a population with this shape in an order that keeps neighbours together: along a
/// Hilbert curve over the last two dimensions, all planes of a place after each other. Cutting it
/// into pieces gives compact tiles of neurons, from the shape alone. Empty if the shape is not a
/// plane.
[[nodiscard]] std::vector<std::uint32_t> tile_order(const std::vector<std::uint32_t>& shape);

}  // namespace seamount::compiler
