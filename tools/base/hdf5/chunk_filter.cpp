#include "tools/base/hdf5/chunk_filter.hpp"

#include <zlib.h>

#include <new>

#include "isa/base/assert.hpp"

namespace seamount::tools {
namespace {

/// Whether bytes are mostly like the one before: then nothing but runs need be looked for, which
/// takes a third of the time.
bool is_runs(std::span<const std::byte> bytes) {
    constexpr std::size_t kRare = 4;
    std::size_t changes = 0;
    for (std::size_t i = 1; i < bytes.size(); ++i) changes += bytes[i] != bytes[i - 1] ? 1U : 0U;
    return changes * kRare < bytes.size();
}

/// zlib with its memory, which is kept between chunks.
class Deflater {
public:
    explicit Deflater(int strategy) {
        constexpr int kFastest = 1;
        constexpr int kWindowBits = 15;
        constexpr int kMemory = 8;
        if (deflateInit2(&stream_, kFastest, Z_DEFLATED, kWindowBits, kMemory, strategy) != Z_OK) {
            throw std::bad_alloc{};
        }
    }
    ~Deflater() { deflateEnd(&stream_); }
    Deflater(const Deflater&) = delete;
    Deflater& operator=(const Deflater&) = delete;

    [[nodiscard]] std::vector<std::byte> operator()(std::span<const std::byte> bytes) {
        deflateReset(&stream_);
        room_.resize(deflateBound(&stream_, static_cast<uLong>(bytes.size())));
        // zlib only reads what comes in, but its type does not say so
        stream_.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(bytes.data()));
        stream_.avail_in = static_cast<uInt>(bytes.size());
        stream_.next_out = reinterpret_cast<Bytef*>(room_.data());
        stream_.avail_out = static_cast<uInt>(room_.size());
        const int result = deflate(&stream_, Z_FINISH);
        SM_ASSERT(result == Z_STREAM_END, "there was room for the worst case");
        return {room_.begin(), room_.begin() + static_cast<std::ptrdiff_t>(stream_.total_out)};
    }

private:
    z_stream stream_{};
    std::vector<std::byte> room_;
};

std::vector<std::byte> deflated(std::span<const std::byte> bytes) {
    thread_local Deflater runs{Z_RLE};
    thread_local Deflater all{Z_DEFAULT_STRATEGY};
    return is_runs(bytes) ? runs(bytes) : all(bytes);
}

}  // namespace

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
    return deflated(shuffled);
}

}  // namespace seamount::tools
