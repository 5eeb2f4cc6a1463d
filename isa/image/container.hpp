#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace seamount::isa {

/// The name of a section. A small fourth letter says that a reader may leave the section out.
using SectionTag = std::array<char, 4>;

[[nodiscard]] constexpr SectionTag section_tag(const char (&text)[5]) {
    return {text[0], text[1], text[2], text[3]};
}
[[nodiscard]] inline std::string name_of(SectionTag tag) {
    return {tag.begin(), tag.end()};
}
/// Whether who does not know the section must refuse the image.
[[nodiscard]] constexpr bool must_be_known(SectionTag tag) {
    return tag[3] < 'a' || tag[3] > 'z';
}

/// One part of an image file.
struct Section {
    SectionTag tag{};
    std::vector<std::byte> bytes;
};

/// A part of a file in memory.
struct SectionView {
    SectionTag tag{};
    std::span<const std::byte> bytes;
};

// Compatibility. A build writes and reads one version of the container, kImageVersion: another one
// is refused with IMG-VERSION and the advice to compile again. A version stands for the layout of
// the container and of every section that existed when it was made. What is added later needs no
// new version but a section with a new tag:
//  - small fourth letter ("TSTx"): readers that do not know it skip it, and images without it are
//    read, so old and new builds read each other's images. For what tools show.
//  - capital fourth letter ("TSTX"): readers that do not know it refuse the image by IMG-VERSION.
//    For what changes a run. Writers leave it out of images that do not use it.

// The file: a 32-byte header (magic "SEAMOUNT", version, number of sections, file size, header
// CRC), a table of sections (tag, CRC-32, offset, size), the sections without gaps; all numbers
// little-endian.

/// Takes the bytes of a container, part by part.
using TakeBytes = std::function<void(std::span<const std::byte>)>;
[[nodiscard]] std::vector<std::byte> pack_container(const std::vector<Section>& sections);

/// A row of a file's table of sections.
struct SectionEntry {
    SectionTag tag{};
    std::uint32_t crc = 0;
    std::uint64_t offset = 0;  ///< in the file
    std::uint64_t size = 0;
};
/// What stands before the sections; their offsets follow from their sizes.
[[nodiscard]] std::vector<std::byte> container_head(std::span<const SectionEntry> sections);
/// How long that is, from the file's first kContainerHeaderBytes, or all if it has fewer. Throws
/// InputError (IMG-*) for what is no container, or not one of `file_size` bytes.
[[nodiscard]] std::size_t container_head_bytes(std::span<const std::byte> first,
                                               std::uint64_t file_size, const std::string& name);
/// Reads it. Throws InputError (IMG-*) unless it is sound.
[[nodiscard]] std::vector<SectionEntry> read_container_head(std::span<const std::byte> head,
                                                            std::uint64_t file_size,
                                                            const std::string& name);
/// Throws InputError (IMG-CRC) unless these are the bytes of section `index`.
void check_section(std::span<const std::byte> bytes, const SectionEntry& section, std::size_t index,
                   const std::string& name);

/// The sections of a file, into `bytes`. Throws InputError (IMG-*, `name` as the file) unless
/// magic, version, sizes and checksums are right.
[[nodiscard]] std::vector<SectionView> unpack_container(std::span<const std::byte> bytes,
                                                        const std::string& name);

/// Bytes of the header.
inline constexpr std::size_t kContainerHeaderBytes = 32;
/// True if a container may begin with these bytes, of which there may be fewer than a header has.
[[nodiscard]] bool begins_container(std::span<const std::byte> bytes);

/// What helps against a damaged image, and against one of another version.
inline constexpr const char* kCompileAgain = "compile the network again";
inline constexpr const char* kCompileAgainHere = "compile the network again with this seamount";

}  // namespace seamount::isa
