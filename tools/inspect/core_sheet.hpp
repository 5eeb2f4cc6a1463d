#pragma once

#include <cstdint>
#include <string>

#include "isa/image/image.hpp"

namespace seamount::tools {

/// Everything that one core of an image holds: neuron groups with their parameters, formats, input
/// and output axons (the first kListed of each), microcode. `file` is the image's, for messages.
/// Throws InputError (CLI-CORE) if the image does not use the core.
[[nodiscard]] std::string core_sheet(const isa::Image& image, CoreId core, const std::string& file);

}  // namespace seamount::tools
