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

#include <fmt/format.h>

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

// How the parts of a binary file are written and read. The two archives have the same member
// functions, so that one description of each part both writes and reads it.

class WritingArchive {
public:
    template <class T>
    void number(const T& value) {
        bytes_.put(value);
    }
    void flag(bool value) { bytes_.put(static_cast<std::uint8_t>(value)); }
    void real(double value) { bytes_.put(std::bit_cast<std::uint64_t>(value)); }
    template <class T>
    void array(const std::vector<T>& values) {
        bytes_.put(static_cast<std::uint64_t>(values.size()));
        bytes_.put_all(values);
    }
    template <class T, class Each>
    void list(const std::vector<T>& values, Each each) {
        bytes_.put(static_cast<std::uint32_t>(values.size()));
        for (const T& value : values) each(value);
    }
    [[nodiscard]] std::vector<std::byte> take() { return bytes_.take(); }

protected:
    ByteWriter& bytes() noexcept { return bytes_; }

private:
    ByteWriter bytes_;
};

/// All functions throw a std::runtime_error that says what is wrong with the content.
class ReadingArchive {
public:
    explicit ReadingArchive(std::span<const std::byte> bytes) : bytes_{bytes} {}

    template <class T>
    void number(T& value) {
        value = bytes_.get<T>();
    }
    void flag(bool& value) {
        const auto byte = bytes_.get<std::uint8_t>();
        if (byte > 1) throw std::runtime_error{fmt::format("{} where 0 or 1 must stand", byte)};
        value = byte != 0;
    }
    void real(double& value) { value = std::bit_cast<double>(bytes_.get<std::uint64_t>()); }
    template <class T>
    void array(std::vector<T>& values) {
        values = bytes_.get_all<T>(bytes_.get<std::uint64_t>());
    }
    /// Grows element by element: a false count fails before it takes memory.
    template <class T, class Each>
    void list(std::vector<T>& values, Each each) {
        const auto count = bytes_.get<std::uint32_t>();
        for (std::uint32_t i = 0; i < count; ++i) each(values.emplace_back());
    }
    void finish() const {
        if (bytes_.left() != 0) {
            throw std::runtime_error{fmt::format("{} bytes too many", bytes_.left())};
        }
    }

protected:
    ByteReader& bytes() noexcept { return bytes_; }

private:
    ByteReader bytes_;
};

}  // namespace seamount::isa
