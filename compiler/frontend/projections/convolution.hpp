#pragma once

#include <cstdint>

#include "compiler/frontend/context/context.hpp"
#include "compiler/frontend/projections/rule_reader.hpp"

namespace seamount::compiler::frontend {

/// Whether the projection's rule is conv2d or sum_pool, which read_convolution reads.
[[nodiscard]] bool is_convolution(const YamlNode& projection);

/// Reads the keys of conv2d and sum_pool (kernel, stride, padding, dilation, groups, mode, layout,
/// weights, delay, scale) and, if they are sound, sets rows, geometry and `share` of the
/// projection. Reports NET-KERNEL for a kernel or geometry that does not fit the two populations.
/// Returns the number of synapses.
std::uint64_t read_convolution(Context& context, const YamlNode& node, const ProjectionEnds& ends,
                               Projection& projection);

}  // namespace seamount::compiler::frontend
