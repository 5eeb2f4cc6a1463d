#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <span>
#include <vector>

#include "isa/base/content_hash.hpp"

// What the files of the two caches have in common: a header with a digest, then plain arrays.

namespace seamount::compiler {

template <class T>
[[nodiscard]] std::span<const std::byte> bytes_of(const std::vector<T>& list) {
    return std::as_bytes(std::span{list});
}
/// Of a header without padding.
template <class Header>
[[nodiscard]] std::span<const std::byte> bytes_of_header(const Header& header) {
    return std::as_bytes(std::span{&header, 1});
}

using FileDigest = std::array<char, 32>;
/// As text, in the header of a file.
[[nodiscard]] FileDigest digits_of(const ContentHash& hash);

template <class T>
void read_list(std::ifstream& file, std::vector<T>& list, std::uint64_t count) {
    list.resize(count);
    file.read(reinterpret_cast<char*>(list.data()),
              static_cast<std::streamsize>(count * sizeof(T)));
}

/// Writes the parts through OutputFile, so that the file appears whole or not at all. False if it
/// cannot be written: a cache that cannot keep something is no error.
[[nodiscard]] bool write_parts(const std::filesystem::path& path,
                               std::initializer_list<std::span<const std::byte>> parts);

}  // namespace seamount::compiler
