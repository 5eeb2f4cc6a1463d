#pragma once

#include <cstdint>

#include "isa/image/image.hpp"

namespace seamount::isa::test {

/// A sound image with every kind of content, different for each seed; `scale` multiplies its size.
[[nodiscard]] Image random_image(std::uint32_t seed, std::uint32_t scale = 1);

}  // namespace seamount::isa::test
