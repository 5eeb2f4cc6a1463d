#pragma once

#include <string>

#include "isa/chip/chip_spec.hpp"
#include "isa/image/image.hpp"

namespace seamount::tools {

/// What an image holds: populations, programs, inputs, probes, and every core with its fill.
/// `bytes` is the size of its file.
[[nodiscard]] std::string image_sheet(const isa::Image& image, const isa::ChipSpec& chip,
                                      std::uint64_t bytes);

}  // namespace seamount::tools
