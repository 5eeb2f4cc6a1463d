#include "isa/image/container.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "isa/base/bytes.hpp"
#include "isa/base/content_hash.hpp"
#include "isa/base/diagnostic.hpp"
#include "isa/image/image.hpp"

namespace seamount::isa {
namespace {

constexpr std::string_view kMagic = "SEAMOUNT";

/// First bytes of a file. `crc` covers the header, with 0 in its place, and the section table.
struct Header {
    std::array<char, 8> magic{};
    std::uint32_t version = kImageVersion;
    std::uint32_t sections = 0;
    std::uint64_t file_size = 0;
    std::uint32_t crc = 0;
    std::uint32_t reserved = 0;
};
static_assert(sizeof(Header) == kContainerHeaderBytes);

/// Entry of the section table.
struct TableEntry {
    SectionTag tag{};
    std::uint32_t crc = 0;
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
};
static_assert(sizeof(TableEntry) == 24);

std::uint32_t header_crc(Header header, std::span<const std::byte> table) {
    header.crc = 0;
    return crc32_of(table, crc32_of(std::as_bytes(std::span{&header, 1})));
}

Header read_header(std::span<const std::byte> bytes, std::uint64_t file_size,
                   const std::string& name) {
    if (!begins_container(bytes)) {
        bad_input("IMG-MAGIC", name, "is not a Seamount image",
                  "images are made by 'seamount compile'; a network file ends in .yaml");
    }
    if (bytes.size() < sizeof(Header)) {
        bad_input("IMG-TRUNCATED", name,
                  fmt::format("has {} bytes, must be at least {}", bytes.size(), sizeof(Header)),
                  kCompileAgain);
    }
    const auto header = ByteReader{bytes}.get<Header>();
    if (header.version != kImageVersion) {
        bad_input("IMG-VERSION", name,
                  fmt::format("was written in image version {}, this build reads {}",
                              header.version, kImageVersion),
                  kCompileAgainHere);
    }
    if (header.file_size != file_size) {
        bad_input("IMG-TRUNCATED", name,
                  fmt::format("has {} bytes, must have {}", file_size, header.file_size),
                  "copy the file again, or compile the network again");
    }
    if (header.sections > (file_size - sizeof(Header)) / sizeof(TableEntry)) {
        bad_input("IMG-TRUNCATED", name,
                  fmt::format("{} sections do not fit into {} bytes", header.sections, file_size),
                  kCompileAgain);
    }
    return header;
}

}  // namespace

bool begins_container(std::span<const std::byte> bytes) {
    const std::size_t seen = std::min(bytes.size(), kMagic.size());
    return std::equal(kMagic.begin(), kMagic.begin() + static_cast<std::ptrdiff_t>(seen),
                      reinterpret_cast<const char*>(bytes.data()));
}

std::vector<std::byte> container_head(std::span<const SectionEntry> sections) {
    Header header;
    std::copy(kMagic.begin(), kMagic.end(), header.magic.begin());
    header.sections = static_cast<std::uint32_t>(sections.size());
    ByteWriter table;
    std::uint64_t at = sizeof(Header) + sections.size() * sizeof(TableEntry);
    for (const SectionEntry& section : sections) {
        table.put(TableEntry{section.tag, section.crc, at, section.size});
        at += section.size;
    }
    header.file_size = at;
    header.crc = header_crc(header, table.bytes());
    ByteWriter head;
    head.put(header);
    head.put_all(table.bytes());
    return head.take();
}

std::vector<std::byte> pack_container(const std::vector<Section>& sections) {
    std::vector<SectionEntry> entries;
    for (const Section& section : sections) {
        entries.push_back({section.tag, crc32_of(section.bytes), 0, section.bytes.size()});
    }
    std::vector<std::byte> file = container_head(entries);
    for (const Section& section : sections) {
        file.insert(file.end(), section.bytes.begin(), section.bytes.end());
    }
    return file;
}

std::size_t container_head_bytes(std::span<const std::byte> first, std::uint64_t file_size,
                                 const std::string& name) {
    return sizeof(Header) + read_header(first, file_size, name).sections * sizeof(TableEntry);
}

std::vector<SectionEntry> read_container_head(std::span<const std::byte> head,
                                              std::uint64_t file_size, const std::string& name) {
    const auto fail = [&name](const char* code, std::string message) {
        bad_input(code, name, std::move(message), kCompileAgain);
    };
    const Header header = read_header(head, file_size, name);
    const auto table = head.subspan(sizeof(Header), header.sections * sizeof(TableEntry));
    if (header.reserved != 0 || header.crc != header_crc(header, table)) {
        fail("IMG-CRC", "checksum of the header is wrong: the file is damaged");
    }
    std::vector<SectionEntry> sections;
    std::uint64_t at = head.size();
    for (const TableEntry& entry : ByteReader{table}.get_all<TableEntry>(header.sections)) {
        if (entry.offset != at || entry.size > file_size - at) {
            fail("IMG-CONTENT",
                 fmt::format("section {} does not follow the one before it", sections.size()));
        }
        at += entry.size;
        sections.push_back({entry.tag, entry.crc, entry.offset, entry.size});
    }
    if (at != file_size) {
        fail("IMG-CONTENT", fmt::format("{} bytes after the last section", file_size - at));
    }
    return sections;
}

void check_section(std::span<const std::byte> bytes, const SectionEntry& section, std::size_t index,
                   const std::string& name) {
    if (crc32_of(bytes) == section.crc) return;
    bad_input("IMG-CRC", name,
              fmt::format("checksum of section {} is wrong: the file is damaged", index),
              kCompileAgain);
}

std::vector<SectionView> unpack_container(std::span<const std::byte> bytes,
                                          const std::string& name) {
    const std::size_t head = container_head_bytes(bytes, bytes.size(), name);
    std::vector<SectionView> sections;
    for (const SectionEntry& entry :
         read_container_head(bytes.subspan(0, head), bytes.size(), name)) {
        const auto content = bytes.subspan(static_cast<std::size_t>(entry.offset),
                                           static_cast<std::size_t>(entry.size));
        check_section(content, entry, sections.size(), name);
        sections.push_back({entry.tag, content});
    }
    return sections;
}

}  // namespace seamount::isa
