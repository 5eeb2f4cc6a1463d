#include "tools/base/zip_writer.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstring>
#include <span>

#include "isa/base/content_hash.hpp"
#include "isa/base/diagnostic.hpp"

namespace seamount::tools {
namespace {

constexpr std::uint64_t kLargest = 0xFFFFFFFE;  ///< without ZIP64

template <class T>
void put(std::string& out, T value) {
    for (std::size_t i = 0; i < sizeof(T); ++i) {
        out += static_cast<char>((static_cast<std::uint64_t>(value) >> (8 * i)) & 0xFFU);
    }
}

/// Version, flags, method (stored), time and date (1980-01-01), CRC and both sizes: what the local
/// and the central header share.
void put_common(std::string& out, std::uint32_t crc, std::uint64_t size, std::size_t name) {
    put<std::uint16_t>(out, 20);
    put<std::uint16_t>(out, 0);
    put<std::uint16_t>(out, 0);
    put<std::uint16_t>(out, 0);
    put<std::uint16_t>(out, 0x21);
    put<std::uint32_t>(out, crc);
    put<std::uint32_t>(out, static_cast<std::uint32_t>(size));
    put<std::uint32_t>(out, static_cast<std::uint32_t>(size));
    put<std::uint16_t>(out, static_cast<std::uint16_t>(name));
    put<std::uint16_t>(out, 0);
}

/// "(3,)", "(2, 3)", "()": a Python tuple.
std::string tuple_text(const std::vector<std::uint64_t>& shape) {
    return fmt::format("({}{})", fmt::join(shape, ", "), shape.size() == 1 ? "," : "");
}

template <class T>
std::string npy_of(const char* type, const std::vector<std::uint64_t>& shape,
                   const std::vector<T>& values) {
    std::string header = fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': {}, }}",
                                     type, tuple_text(shape));
    header.append((64 - (10 + header.size() + 1) % 64) % 64, ' ');
    header += '\n';
    std::string file{"\x93NUMPY\x01\x00", 8};
    put<std::uint16_t>(file, static_cast<std::uint16_t>(header.size()));
    file += header;
    const std::size_t at = file.size();
    file.resize(at + sizeof(T) * values.size());
    if (!values.empty()) std::memcpy(file.data() + at, values.data(), sizeof(T) * values.size());
    return file;
}

}  // namespace

void NpzWriter::add(const std::string& name, const std::vector<std::int32_t>& values) {
    add(name, {values.size()}, values);
}

void NpzWriter::add(const std::string& name, const std::vector<std::uint64_t>& shape,
                    const std::vector<std::int32_t>& values) {
    add_member(name, npy_of("<i4", shape, values));
}

void NpzWriter::add(const std::string& name, const std::vector<std::uint64_t>& shape,
                    const std::vector<double>& values) {
    add_member(name, npy_of("<f8", shape, values));
}

void NpzWriter::add_member(const std::string& name, const std::string& file) {
    Member member{name + ".npy", 0, file.size(), bytes_.size()};
    member.crc = crc32_of(std::as_bytes(std::span{file}));
    put<std::uint32_t>(bytes_, 0x04034B50);
    put_common(bytes_, member.crc, member.size, member.name.size());
    bytes_ += member.name;
    bytes_ += file;
    members_.push_back(std::move(member));
}

std::string NpzWriter::finish(const std::string& path) {
    const std::uint64_t directory = bytes_.size();
    for (const Member& member : members_) {
        put<std::uint32_t>(bytes_, 0x02014B50);
        put<std::uint16_t>(bytes_, 20);
        put_common(bytes_, member.crc, member.size, member.name.size());
        put<std::uint16_t>(bytes_, 0);
        put<std::uint16_t>(bytes_, 0);
        put<std::uint16_t>(bytes_, 0);
        put<std::uint32_t>(bytes_, 0);
        put<std::uint32_t>(bytes_, static_cast<std::uint32_t>(member.offset));
        bytes_ += member.name;
    }
    if (bytes_.size() > kLargest || members_.size() > 0xFFFF) {
        throw InputError{Diagnostic{"OUT-WRITE",
                                    {path, 0, 0},
                                    "the archive would have more than 4 GiB",
                                    "save an image instead: --save-weights NAME.smi"}};
    }
    const std::uint64_t size = bytes_.size() - directory;
    put<std::uint32_t>(bytes_, 0x06054B50);
    put<std::uint32_t>(bytes_, 0);
    put<std::uint16_t>(bytes_, static_cast<std::uint16_t>(members_.size()));
    put<std::uint16_t>(bytes_, static_cast<std::uint16_t>(members_.size()));
    put<std::uint32_t>(bytes_, static_cast<std::uint32_t>(size));
    put<std::uint32_t>(bytes_, static_cast<std::uint32_t>(directory));
    put<std::uint16_t>(bytes_, 0);
    return std::move(bytes_);
}

}  // namespace seamount::tools
