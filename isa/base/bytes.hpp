#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace seamount::isa {

static_assert(std::endian::native == std::endian::little,
              "binary files are little-endian and their arrays are copied in bulk");

/// A type whose bytes in memory are its bytes in a file: no padding, no pointers.
template <class T>
concept Plain = std::is_trivially_copyable_v<T> && std::has_unique_object_representations_v<T>;

/// The bytes end before the value does.
class ShortRead : public std::runtime_error {
public:
    ShortRead() : std::runtime_error{"content ends early"} {}
};

/// Appends little-endian values to a buffer.
class ByteWriter {
public:
    template <Plain T>
    void put(const T& value) {
        append(&value, sizeof(T));
    }
    /// The elements without their number.
    template <Plain T>
    void put_all(const std::vector<T>& values) {
        append(values.data(), values.size() * sizeof(T));
    }
    void put_text(std::string_view text) { append(text.data(), text.size()); }

    [[nodiscard]] const std::vector<std::byte>& bytes() const noexcept { return bytes_; }
    [[nodiscard]] std::vector<std::byte> take() noexcept { return std::move(bytes_); }

private:
    void append(const void* data, std::size_t size) {
        if (size == 0) return;
        const std::size_t end = bytes_.size();
        bytes_.resize(end + size);
        std::memcpy(bytes_.data() + end, data, size);
    }

    std::vector<std::byte> bytes_;
};

/// Reads little-endian values; every read is checked against the end, also before memory is taken.
class ByteReader {
public:
    explicit ByteReader(std::span<const std::byte> bytes) : bytes_{bytes} {}

    /// Throws ShortRead, as all readers.
    template <Plain T>
    [[nodiscard]] T get() {
        T value;
        std::memcpy(&value, take(1, sizeof(T)), sizeof(T));
        return value;
    }
    template <Plain T>
    [[nodiscard]] std::vector<T> get_all(std::uint64_t count) {
        const std::byte* const from = take(count, sizeof(T));
        std::vector<T> values(static_cast<std::size_t>(count));
        if (count != 0) std::memcpy(values.data(), from, values.size() * sizeof(T));
        return values;
    }
    [[nodiscard]] std::string get_text(std::uint64_t size) {
        const std::byte* const from = take(size, 1);
        std::string text(static_cast<std::size_t>(size), '\0');
        if (size != 0) std::memcpy(text.data(), from, text.size());
        return text;
    }

    [[nodiscard]] std::size_t left() const noexcept { return bytes_.size() - at_; }

private:
    const std::byte* take(std::uint64_t count, std::size_t size) {
        if (count > left() / size) throw ShortRead{};
        const std::byte* const from = bytes_.data() + at_;
        at_ += static_cast<std::size_t>(count) * size;
        return from;
    }

    std::span<const std::byte> bytes_;
    std::size_t at_ = 0;
};

}  // namespace seamount::isa
