#pragma once

#include <cstdint>

#include "compiler/frontend/projections/rules/rule.hpp"

namespace seamount::compiler::frontend {

/// Read the keys of conv2d and sum_pool (kernel, stride, padding, dilation, groups, mode, layout,
/// weights, delay, scale) and, if they are sound, set rows, geometry and `share` of the projection.
/// Report NET-KERNEL for a kernel or geometry that does not fit the two populations.
std::uint64_t read_conv2d(const RuleRequest& request, Projection& projection);
std::uint64_t read_sum_pool(const RuleRequest& request, Projection& projection);

/// The keys that belong to both.
[[nodiscard]] const yaml::Form& convolution_keys();
inline constexpr ProjectionRule kConv2dRule{
    .name = "conv2d",
    .meaning = "a kernel over feature maps",
    .keys = convolution_keys,
    .read_rows = read_conv2d,
};
inline constexpr ProjectionRule kSumPoolRule{
    .name = "sum_pool",
    .meaning = "sums over windows of feature maps",
    .keys = convolution_keys,  // of which it refuses mode and groups itself
    .read_rows = read_sum_pool,
};

}  // namespace seamount::compiler::frontend
