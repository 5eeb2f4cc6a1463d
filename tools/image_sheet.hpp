#pragma once

#include <string>

#include "isa/image.hpp"

namespace seamount::cli {

/// What an image holds: populations, programs, inputs, probes, and every core with its fill.
/// `bytes` is the size of its file.
[[nodiscard]] std::string image_sheet(const isa::Image& image, std::uint64_t bytes);

}  // namespace seamount::cli
