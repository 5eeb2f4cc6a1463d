#pragma once

#include <string>

#include "isa/image/image.hpp"

namespace seamount::isa {

/// The content hash of the file that save_image() writes, without its bytes ever standing together.
[[nodiscard]] std::string image_hash(const Image& image);

}  // namespace seamount::isa
