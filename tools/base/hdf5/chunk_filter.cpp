#include "tools/base/hdf5/chunk_filter.hpp"

#include <zlib.h>

#include "isa/base/assert.hpp"

namespace seamount::tools {

std::vector<std::byte> filtered_chunk(std::span<const std::byte> bytes, std::size_t element,
                                      std::size_t size) {
    SM_ASSERT(bytes.size() <= size && bytes.size() % element == 0, "elements fill a chunk");
    // Shuffle: first the lowest byte of all elements, then the next one of all.
    const std::size_t elements = size / element;
    std::vector<std::byte> shuffled(size);
    for (std::size_t b = 0; b < element; ++b) {
        std::byte* const plane = shuffled.data() + b * elements;
        for (std::size_t at = b, i = 0; at < bytes.size(); at += element) plane[i++] = bytes[at];
    }
    constexpr int kFastest = 1;
    uLongf written = compressBound(static_cast<uLong>(size));
    std::vector<std::byte> out(written);
    const int result = compress2(reinterpret_cast<Bytef*>(out.data()), &written,
                                 reinterpret_cast<const Bytef*>(shuffled.data()),
                                 static_cast<uLong>(size), kFastest);
    SM_ASSERT(result == Z_OK, "there was room for the worst case");
    out.resize(written);
    return out;
}

}  // namespace seamount::tools
