#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "compiler/frontend/context/context.hpp"

namespace seamount::compiler::frontend {

/// The values of a dataset as an image has them: whole numbers of which `full_scale` means 1.
struct SampleValues {
    std::vector<std::int32_t> values;
    std::int32_t full_scale = 1;
};

/// Values of [0, max]. Whole ones with a whole `max` are taken as they are. Others become multiples
/// of max / F: F is the smallest number up to 1,024, or one of 4,095, 4,096, 10^4, 65,535, 65,536,
/// 10^5, that makes all of them whole in the precision of a 32-bit float; else 2^24. Reports values
/// out of range (NET-VALUE), and warns of values that are all small (NET-DATASET).
[[nodiscard]] std::optional<SampleValues> read_sample_values(const DataArray& data,
                                                             const YamlNode& node, double max);

}  // namespace seamount::compiler::frontend
