#pragma once

#include <string>

#include "isa/image/image.hpp"

namespace seamount::tools {

/// An image as the bytes of its file.
[[nodiscard]] std::string image_bytes(const isa::Image& image);

/// What `run --save-weights` puts into the file `path`: an image that holds what was learned, or,
/// if the name ends in .npz, arrays NAME.source, NAME.target, NAME.weight, NAME.delay, NAME.tag and
/// NAME.second_tag for each projection NAME that learns, by synapse id. Throws InputError
/// (OUT-WRITE) if that would be too large.
[[nodiscard]] std::string saved_weights(const isa::Image& learned, const std::string& path);

}  // namespace seamount::tools
