#include "compiler/frontend/data/npy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>
#include <string_view>
#include <utility>

namespace seamount::compiler::frontend {

namespace {

[[noreturn]] void fail(const std::string& what, std::string hint = {}) {
    throw DataError{"NET-NPY", what, std::move(hint)};
}

struct Header {
    std::string descr;
    bool fortran_order = false;
    std::vector<std::uint64_t> shape;
};

/// Reads the Python literal {'descr': '<i4', 'fortran_order': False, 'shape': (3, 2), }.
class HeaderParser {
public:
    explicit HeaderParser(std::string_view text) : text_{text} {}

    Header parse() {
        Header header;
        unsigned seen = 0;
        expect('{');
        while (!accept('}')) {
            const std::string key = string();
            expect(':');
            unsigned bit = 0;
            if (key == "descr") {
                bit = 1;
                if (peek() == '[') fail("structured arrays are not supported");
                header.descr = string();
            } else if (key == "fortran_order") {
                bit = 2;
                header.fortran_order = boolean();
            } else if (key == "shape") {
                bit = 4;
                header.shape = shape();
            }
            if (bit == 0 || (seen & bit) != 0) damaged();
            seen |= bit;
            if (!accept(',') && peek() != '}') damaged();
        }
        if (peek() != '\0' || seen != 7) damaged();
        return header;
    }

private:
    [[noreturn]] static void damaged() { fail("the header of the .npy file is damaged"); }

    /// Next character that is not white space; '\0' at the end.
    char peek() {
        while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n')) ++at_;
        return at_ < text_.size() ? text_[at_] : '\0';
    }
    bool accept(char c) {
        if (peek() != c) return false;
        ++at_;
        return true;
    }
    void expect(char c) {
        if (!accept(c)) damaged();
    }
    std::string string() {
        const char quote = peek();
        if (quote != '\'' && quote != '"') damaged();
        const std::size_t end = text_.find(quote, ++at_);
        if (end == std::string_view::npos) damaged();
        const std::size_t begin = std::exchange(at_, end + 1);
        return std::string{text_.substr(begin, end - begin)};
    }
    bool boolean() {
        peek();
        for (const auto& [word, value] : {std::pair{"True", true}, std::pair{"False", false}}) {
            if (!text_.substr(at_).starts_with(word)) continue;
            at_ += std::string_view{word}.size();
            return value;
        }
        damaged();
    }
    std::vector<std::uint64_t> shape() {
        std::vector<std::uint64_t> extents;
        expect('(');
        while (!accept(')')) {
            peek();
            std::uint64_t extent = 0;
            const char* end = text_.data() + text_.size();
            const auto [next, error] = std::from_chars(text_.data() + at_, end, extent);
            if (error != std::errc{}) damaged();
            at_ = static_cast<std::size_t>(next - text_.data());
            extents.push_back(extent);
            if (extents.size() > 32) damaged();
            if (!accept(',') && peek() != ')') damaged();
        }
        return extents;
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

struct Descr {
    ElementType type;
    bool swapped;
};

bool is_half(const std::string& descr) {
    return descr == "<f2" || descr == ">f2" || descr == "=f2";
}

Descr element_type(const std::string& descr) {
    using enum ElementType;
    static constexpr auto kTypes = std::to_array<std::pair<std::string_view, ElementType>>({
        {"b1", kBool},
        {"i1", kI8},
        {"i2", kI16},
        {"i4", kI32},
        {"i8", kI64},
        {"u1", kU8},
        {"u2", kU16},
        {"u4", kU32},
        {"u8", kU64},
        {"f4", kF32},
        {"f8", kF64},
    });
    if (descr.size() == 3 && std::string_view{"<>|="}.find(descr[0]) != std::string_view::npos) {
        for (const auto& [name, type] : kTypes) {
            if (name != std::string_view{descr}.substr(1)) continue;
            if (descr[0] == '|' && size_of(type) != 1) break;
            return {type, descr[0] == '>' && size_of(type) > 1};
        }
    }
    fail(fmt::format("element type '{}' is not supported", descr),
         "store booleans, integers of 1 to 8 bytes, or floats of 2, 4 or 8 bytes");
}

std::uint64_t checked_size(const std::vector<std::uint64_t>& shape, std::size_t element,
                           std::size_t available) {
    std::uint64_t bytes = element;
    bool empty = false;
    for (const std::uint64_t extent : shape) {
        if (extent == 0) {
            empty = true;
        } else if (__builtin_mul_overflow(bytes, extent, &bytes)) {
            fail("the shape in the header is impossible");
        }
    }
    if (empty) bytes = 0;
    if (bytes > available) {
        fail(fmt::format("truncated: the header announces {} bytes of data, the file has {}", bytes,
                         available));
    }
    if (bytes < available) {
        fail(fmt::format("{} bytes follow the {} bytes of data that the header announces",
                         available - bytes, bytes));
    }
    return bytes;
}

std::shared_ptr<const Storage> byte_swapped(std::span<const std::byte> data, std::size_t element) {
    std::vector<std::byte> bytes(data.begin(), data.end());
    for (std::size_t i = 0; i < bytes.size(); i += element) {
        std::reverse(bytes.data() + i, bytes.data() + i + element);
    }
    return keep_bytes(std::move(bytes));
}

/// IEEE 754 half precision; floats hold every value exactly.
float of_half(std::uint16_t bits) {
    const std::uint32_t sign = (bits & 0x8000U) != 0 ? 0x8000'0000U : 0U;
    const std::uint32_t exponent = (bits >> 10U) & 0x1FU;
    const std::uint32_t fraction = bits & 0x3FFU;
    if (exponent == 0) {  // zero or subnormal
        const float value = std::ldexp(static_cast<float>(fraction), -24);
        return sign != 0 ? -value : value;
    }
    const std::uint32_t wide = exponent == 0x1F ? 0xFFU : exponent + 127 - 15;
    return std::bit_cast<float>(sign | (wide << 23U) | (fraction << 13U));
}

std::shared_ptr<const Storage> widened_halves(std::span<const std::byte> data, bool big_endian) {
    std::vector<std::byte> bytes(data.size() * 2);
    for (std::size_t i = 0; i < data.size(); i += 2) {
        const auto low = std::to_integer<std::uint16_t>(data[i + (big_endian ? 1 : 0)]);
        const auto high = std::to_integer<std::uint16_t>(data[i + (big_endian ? 0 : 1)]);
        const float value = of_half(static_cast<std::uint16_t>(low | (high << 8U)));
        std::memcpy(bytes.data() + 2 * i, &value, sizeof value);
    }
    return keep_bytes(std::move(bytes));
}

DataArray read_halves(const Header& header, std::span<const std::byte> data) {
    checked_size(header.shape, 2, data.size());
    return {widened_halves(data, header.descr[0] == '>'), 0, ElementType::kF32, header.shape,
            header.fortran_order};
}

}  // namespace

DataArray read_npy(std::shared_ptr<const Storage> storage) {
    static constexpr std::string_view kMagic{"\x93NUMPY", 6};
    const auto bytes = storage->bytes();
    const std::string_view text{reinterpret_cast<const char*>(bytes.data()), bytes.size()};
    if (!text.starts_with(kMagic)) fail("not a .npy file");
    if (text.size() < 8) fail("truncated inside the header");
    const int version = static_cast<unsigned char>(text[6]);
    if (version < 1 || version > 3) fail(fmt::format("unknown .npy version {}", version));
    const std::size_t width = version == 1 ? 2 : 4;
    if (text.size() < 8 + width) fail("truncated inside the header");
    std::size_t length = 0;
    for (std::size_t k = 0; k < width; ++k) {
        length |= std::size_t{static_cast<unsigned char>(text[8 + k])} << (8 * k);
    }
    const std::size_t start = 8 + width;
    if (length > text.size() - start) fail("truncated inside the header");

    Header header = HeaderParser{text.substr(start, length)}.parse();
    const std::size_t offset = start + length;
    if (is_half(header.descr)) return read_halves(header, bytes.subspan(offset));
    const auto [type, swapped] = element_type(header.descr);
    checked_size(header.shape, size_of(type), bytes.size() - offset);
    if (swapped) {
        return {byte_swapped(bytes.subspan(offset), size_of(type)), 0, type,
                std::move(header.shape), header.fortran_order};
    }
    return {std::move(storage), offset, type, std::move(header.shape), header.fortran_order};
}

}  // namespace seamount::compiler::frontend
