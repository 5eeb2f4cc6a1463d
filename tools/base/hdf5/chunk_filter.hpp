#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace seamount::tools {

/// What HDF5's filters shuffle and deflate make of a chunk: `bytes` are elements of `element`
/// bytes (4 or 8), followed by zeros up to `size` bytes in all. Any inflate reads it; which of the
/// ways to say the same is taken may differ between processors.
[[nodiscard]] std::vector<std::byte> filtered_chunk(std::span<const std::byte> bytes,
                                                    std::size_t element, std::size_t size);

}  // namespace seamount::tools
