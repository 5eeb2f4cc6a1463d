#include "tools/base/hdf5/chunk_filter.hpp"

#include <isa-l.h>

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "isa/base/assert.hpp"

namespace seamount::tools {
namespace {

/// Bits in which elements differ.
template <class Element>
Element varying_bits(std::span<const std::byte> bytes) {
    Element all = static_cast<Element>(~Element{0});
    Element any = 0;
    for (std::size_t at = 0; at < bytes.size(); at += sizeof(Element)) {
        Element value = 0;
        std::memcpy(&value, bytes.data() + at, sizeof value);
        all &= value;
        any |= value;
    }
    return all ^ any;
}

/// First the lowest byte of all elements, then the next one of all. Most bytes of a column are the
/// same in all its elements: those are not looked at one by one.
template <class Element>
void shuffle(std::span<const std::byte> bytes, std::size_t elements, std::vector<std::byte>& to) {
    constexpr std::size_t kWidth = sizeof(Element);
    constexpr Element kByte = 0xff;
    constexpr std::size_t kBits = 8;
    const Element varying = varying_bits<Element>(bytes);
    const std::size_t count = bytes.size() / kWidth;
    to.resize(elements * kWidth);
    for (std::size_t b = 0; b < kWidth; ++b) {
        std::byte* const plane = to.data() + b * elements;
        if (((varying >> (b * kBits)) & kByte) == 0) {
            std::fill_n(plane, count, count == 0 ? std::byte{0} : bytes[b]);
        } else {
            const std::byte* from = bytes.data() + b;
            for (std::size_t i = 0; i < count; ++i, from += kWidth) plane[i] = *from;
        }
        std::fill(plane + count, plane + elements, std::byte{0});
    }
}

/// Deflates with memory that is kept between chunks.
class Deflater {
public:
    [[nodiscard]] std::vector<std::byte> operator()(std::span<const std::byte> bytes) {
        // In the worst case they are stored, in blocks of 64 KiB with a head of five bytes each.
        constexpr std::size_t kOfHeads = 4096;
        room_.resize(2 * bytes.size() + kOfHeads);
        isal_zstream stream;
        isal_deflate_stateless_init(&stream);
        stream.level = 1;
        stream.level_buf = memory_.data();
        stream.level_buf_size = static_cast<std::uint32_t>(memory_.size());
        stream.gzip_flag = IGZIP_ZLIB;
        stream.end_of_stream = 1;
        // it only reads what comes in, but its type does not say so
        stream.next_in = const_cast<std::uint8_t*>(as_numbers(bytes.data()));
        stream.avail_in = static_cast<std::uint32_t>(bytes.size());
        stream.next_out = const_cast<std::uint8_t*>(as_numbers(room_.data()));
        stream.avail_out = static_cast<std::uint32_t>(room_.size());
        const int result = isal_deflate_stateless(&stream);
        SM_ASSERT(result == COMP_OK, "there was room for the worst case");
        return {room_.begin(), room_.begin() + static_cast<std::ptrdiff_t>(stream.total_out)};
    }

private:
    static const std::uint8_t* as_numbers(const std::byte* bytes) {
        return reinterpret_cast<const std::uint8_t*>(bytes);
    }

    std::vector<std::byte> room_;
    std::vector<std::uint8_t> memory_ = std::vector<std::uint8_t>(ISAL_DEF_LVL1_DEFAULT);
};

}  // namespace

std::vector<std::byte> filtered_chunk(std::span<const std::byte> bytes, std::size_t element,
                                      std::size_t size) {
    SM_ASSERT(bytes.size() <= size && bytes.size() % element == 0, "elements fill a chunk");
    SM_ASSERT(element == sizeof(std::uint32_t) || element == sizeof(std::uint64_t),
              "numbers have 4 or 8 bytes");
    thread_local std::vector<std::byte> shuffled;
    thread_local Deflater deflated;
    if (element == sizeof(std::uint64_t)) {
        shuffle<std::uint64_t>(bytes, size / element, shuffled);
    } else {
        shuffle<std::uint32_t>(bytes, size / element, shuffled);
    }
    return deflated(shuffled);
}

}  // namespace seamount::tools
