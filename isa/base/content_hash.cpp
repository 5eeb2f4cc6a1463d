#include "isa/base/content_hash.hpp"

#define XXH_INLINE_ALL
#include <fmt/format.h>
#include <xxhash.h>
#include <zlib.h>

#include <fstream>
#include <vector>

namespace seamount {

struct ContentHash::State {
    XXH3_state_t hash;
};

ContentHash::ContentHash() : state_{std::make_unique<State>()} {
    XXH3_128bits_reset(&state_->hash);
}

ContentHash::~ContentHash() = default;

void ContentHash::add(std::span<const std::byte> bytes) {
    XXH3_128bits_update(&state_->hash, bytes.data(), bytes.size());
}

void ContentHash::add(std::string_view text) {
    add(std::uint64_t{text.size()});
    add(std::as_bytes(std::span{text}));
}

void ContentHash::add(std::uint64_t number) {
    add(std::as_bytes(std::span{&number, 1}));
}

std::optional<std::uint64_t> ContentHash::add_bytes_of(const std::filesystem::path& path) {
    constexpr std::size_t kChunk = std::size_t{1} << 16U;
    std::ifstream file{path, std::ios::binary};
    std::vector<char> chunk(kChunk);
    std::uint64_t size = 0;
    while (file) {
        file.read(chunk.data(), static_cast<std::streamsize>(chunk.size()));
        const auto got = static_cast<std::size_t>(file.gcount());
        add(std::as_bytes(std::span{chunk.data(), got}));
        size += got;
    }
    return file.eof() ? std::optional{size} : std::nullopt;
}

bool ContentHash::add_file(const std::filesystem::path& path) {
    const std::optional<std::uint64_t> size = add_bytes_of(path);
    add(size.value_or(0));
    return size.has_value();
}

std::string ContentHash::digest() const {
    const XXH128_hash_t hash = XXH3_128bits_digest(&state_->hash);
    return fmt::format("{:016x}{:016x}", hash.high64, hash.low64);
}

std::string content_hash(std::string_view bytes) {
    ContentHash hash;
    hash.add(std::as_bytes(std::span{bytes}));
    return hash.digest();
}

std::string content_hash_of_file(const std::filesystem::path& path) {
    ContentHash hash;
    (void)hash.add_bytes_of(path);
    return hash.digest();
}

std::uint32_t crc32_of(std::span<const std::byte> bytes, std::uint32_t start) {
    return static_cast<std::uint32_t>(
        crc32_z(start, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

}  // namespace seamount
