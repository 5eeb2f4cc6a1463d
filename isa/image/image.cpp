#include "isa/image/image.hpp"

#include <fmt/format.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <fstream>
#include <limits>
#include <new>
#include <string_view>
#include <system_error>
#include <utility>

#include "isa/base/bytes.hpp"
#include "isa/image/image_sections.hpp"

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
static_assert(sizeof(Header) == 32);

/// Entry of the section table.
struct TableEntry {
    SectionTag tag{};
    std::uint32_t crc = 0;
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
};
static_assert(sizeof(TableEntry) == 24);

std::uint32_t crc_of(std::span<const std::byte> bytes, std::uint32_t start = 0) {
    return static_cast<std::uint32_t>(
        crc32_z(start, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

std::uint32_t header_crc(Header header, std::span<const std::byte> table) {
    header.crc = 0;
    return crc_of(table, crc_of(std::as_bytes(std::span{&header, 1})));
}

[[noreturn]] void fail(std::string code, const std::string& name, std::string message,
                       std::string hint) {
    throw InputError{Diagnostic{
        std::move(code), {name, 0, 0}, std::move(message), std::move(hint), Severity::kError}};
}

constexpr const char* kCompileAgain = "compile the network again";

Header read_header(std::span<const std::byte> bytes, const std::string& name) {
    const std::size_t seen = std::min(bytes.size(), kMagic.size());
    if (!std::equal(kMagic.begin(), kMagic.begin() + static_cast<std::ptrdiff_t>(seen),
                    reinterpret_cast<const char*>(bytes.data()))) {
        fail("IMG-MAGIC", name, "is not a Seamount image",
             "images are made by 'seamount compile'; a network file ends in .yaml");
    }
    if (bytes.size() < sizeof(Header)) {
        fail("IMG-TRUNCATED", name,
             fmt::format("has {} bytes, must be at least {}", bytes.size(), sizeof(Header)),
             kCompileAgain);
    }
    const auto header = ByteReader{bytes}.get<Header>();
    if (header.version != kImageVersion) {
        fail("IMG-VERSION", name,
             fmt::format("image version is {}, must be {}", header.version, kImageVersion),
             kCompileAgain);
    }
    if (header.file_size != bytes.size()) {
        fail("IMG-TRUNCATED", name,
             fmt::format("has {} bytes, must have {}", bytes.size(), header.file_size),
             "copy the file again, or compile the network again");
    }
    return header;
}

std::vector<SectionView> read_table(std::span<const std::byte> bytes, const std::string& name) {
    const Header header = read_header(bytes, name);
    const std::size_t room = bytes.size() - sizeof(Header);
    if (header.sections > room / sizeof(TableEntry)) {
        fail("IMG-TRUNCATED", name,
             fmt::format("{} sections do not fit into {} bytes", header.sections, bytes.size()),
             kCompileAgain);
    }
    const auto table = bytes.subspan(sizeof(Header), header.sections * sizeof(TableEntry));
    if (header.reserved != 0 || header.crc != header_crc(header, table)) {
        fail("IMG-CRC", name, "checksum of the header is wrong: the file is damaged",
             kCompileAgain);
    }
    std::vector<SectionView> sections;
    std::size_t at = sizeof(Header) + table.size();
    for (const TableEntry& entry : ByteReader{table}.get_all<TableEntry>(header.sections)) {
        if (entry.offset != at || entry.size > bytes.size() - at) {
            fail("IMG-CONTENT", name,
                 fmt::format("section {} does not follow the one before it", sections.size()),
                 kCompileAgain);
        }
        const auto content = bytes.subspan(at, static_cast<std::size_t>(entry.size));
        at += content.size();
        if (crc_of(content) != entry.crc) {
            fail("IMG-CRC", name,
                 fmt::format("checksum of section {} is wrong: the file is damaged",
                             sections.size()),
                 kCompileAgain);
        }
        sections.push_back({entry.tag, content});
    }
    if (at != bytes.size()) {
        fail("IMG-CONTENT", name, fmt::format("{} bytes after the last section", bytes.size() - at),
             kCompileAgain);
    }
    return sections;
}

}  // namespace

std::uint32_t Image::neuron_count() const noexcept {
    std::uint32_t neurons = 0;
    for (const PopulationImage& population : populations) neurons += population.count;
    return neurons;
}

std::vector<std::byte> serialize(const Image& image) {
    const std::vector<Section> sections = write_sections(image);
    Header header;
    std::copy(kMagic.begin(), kMagic.end(), header.magic.begin());
    header.sections = static_cast<std::uint32_t>(sections.size());
    ByteWriter table;
    std::uint64_t at = sizeof(Header) + sections.size() * sizeof(TableEntry);
    for (const Section& section : sections) {
        table.put(TableEntry{section.tag, crc_of(section.bytes), at, section.bytes.size()});
        at += section.bytes.size();
    }
    header.file_size = at;
    header.crc = header_crc(header, table.bytes());

    std::vector<std::byte> file(static_cast<std::size_t>(at));
    std::byte* to = file.data();
    const auto put = [&to](std::span<const std::byte> bytes) {
        to = std::copy(bytes.begin(), bytes.end(), to);
    };
    put(std::as_bytes(std::span{&header, 1}));
    put(table.bytes());
    for (const Section& section : sections) put(section.bytes);
    return file;
}

Image deserialize(std::span<const std::byte> bytes, const std::string& name) {
    const std::vector<SectionView> sections = read_table(bytes, name);
    Image image;
    try {
        image = read_sections(sections);
    } catch (const std::runtime_error& e) {
        fail("IMG-CONTENT", name, e.what(), kCompileAgain);
    }
    Diagnostics diagnostics;
    for (std::string& fault : check_image(image)) {
        diagnostics.error("IMG-CONTENT", {name, 0, 0}, std::move(fault), kCompileAgain);
    }
    diagnostics.throw_if_errors();
    return image;
}

void save_image(const Image& image, const std::filesystem::path& path) {
    const std::vector<std::byte> bytes = serialize(image);
    std::filesystem::path unfinished = path;
    unfinished += fmt::format(".{}.tmp", getpid());
    std::error_code status;
    {
        std::ofstream out{unfinished, std::ios::binary | std::ios::trunc};
        out.write(reinterpret_cast<const char*>(bytes.data()),
                  static_cast<std::streamsize>(bytes.size()));
        out.close();
        if (!out) {
            std::filesystem::remove(unfinished, status);
            fail("IMG-WRITE", path.string(),
                 fmt::format("{} bytes cannot be written here", bytes.size()),
                 "the folder must exist, be writable and have room");
        }
    }
    std::filesystem::rename(unfinished, path, status);
    if (status) {
        const std::string why = status.message();
        std::filesystem::remove(unfinished, status);
        fail("IMG-WRITE", path.string(), fmt::format("file cannot be replaced: {}", why),
             "give the path of a file, not of a folder");
    }
}

Image load_image(const std::filesystem::path& path) {
    const std::string name = path.string();
    std::error_code status;
    if (!std::filesystem::is_regular_file(path, status)) {
        fail(
            "IMG-FILE", name,
            std::filesystem::exists(path, status) ? "is not a regular file" : "file does not exist",
            "images are made by 'seamount compile'");
    }
    std::ifstream in{path, std::ios::binary};
    const std::uintmax_t size = std::filesystem::file_size(path, status);
    std::vector<std::byte> bytes;
    try {
        // Look at the header first: nobody wants to wait for the rest of a huge other file.
        bytes.resize(static_cast<std::size_t>(std::min<std::uintmax_t>(size, sizeof(Header))));
        in.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
        if (in && bytes.size() == sizeof(Header) &&
            std::equal(kMagic.begin(), kMagic.end(), reinterpret_cast<const char*>(bytes.data()))) {
            bytes.resize(static_cast<std::size_t>(size));
            in.read(reinterpret_cast<char*>(bytes.data() + sizeof(Header)),
                    static_cast<std::streamsize>(size - sizeof(Header)));
        }
    } catch (const std::bad_alloc&) {
        fail("IMG-FILE", name, fmt::format("{} bytes do not fit into memory", size), "");
    }
    if (!in || status) fail("IMG-FILE", name, "file cannot be read", "");
    return deserialize(bytes, name);
}

}  // namespace seamount::isa
