#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace seamount::tools {

/// What HDF5's filters shuffle and deflate (level 1) make of a chunk: `bytes` are elements of
/// `element` bytes, followed by zeros up to `size` bytes in all.
[[nodiscard]] std::vector<std::byte> filtered_chunk(std::span<const std::byte> bytes,
                                                    std::size_t element, std::size_t size);

}  // namespace seamount::tools
