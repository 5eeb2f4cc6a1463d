#pragma once

#include <array>
#include <cstdint>

#include "compiler/frontend/projections/rules/rule.hpp"

namespace seamount::compiler::frontend {

/// Read the keys of conv2d and sum_pool (kernel, stride, padding, dilation, groups, mode, layout,
/// weights, delay, scale) and, if they are sound, set rows, geometry and `share` of the projection.
/// Report NET-KERNEL for a kernel or geometry that does not fit the two populations.
std::uint64_t read_conv2d(const RuleRequest& request, Projection& projection);
std::uint64_t read_sum_pool(const RuleRequest& request, Projection& projection);

inline constexpr std::array kConvolutionKeys{"kernel", "stride", "padding", "dilation",
                                             "groups", "mode",   "layout"};
inline constexpr ProjectionRule kConv2dRule{
    .name = "conv2d",
    .meaning = "a kernel over feature maps",
    .keys = kConvolutionKeys,
    .read_rows = read_conv2d,
};
inline constexpr ProjectionRule kSumPoolRule{
    .name = "sum_pool",
    .meaning = "sums over windows of feature maps",
    .keys = kConvolutionKeys,  // of which it refuses mode and groups itself
    .read_rows = read_sum_pool,
};

}  // namespace seamount::compiler::frontend
