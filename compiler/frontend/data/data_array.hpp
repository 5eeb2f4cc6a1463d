#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "compiler/frontend/data/storage.hpp"

namespace seamount::compiler::frontend {

/// Types of elements in memory, little-endian.
enum class ElementType : std::uint8_t {
    kBool,
    kI8,
    kI16,
    kI32,
    kI64,
    kU8,
    kU16,
    kU32,
    kU64,
    kF32,
    kF64,
};

[[nodiscard]] std::size_t size_of(ElementType type) noexcept;

/// Bytes that a compressed or text file may unpack to, unless the user says otherwise.
inline constexpr std::uint64_t kMaxInput = std::uint64_t{1} << 30U;
/// Refuses what unpacks to more than `max_input`. Throws DataError (NET-LARGE).
[[noreturn]] void refuse_unpacking(std::uint64_t need, std::uint64_t max_input);

/// An array of a data file, of any shape and element type, read in place: nothing is converted or
/// copied before an element is asked for. Elements are numbered in C order (last index fastest)
/// whatever the order in the file. Cheap to copy.
class DataArray {
public:
    /// `offset` is the place of the first element in `storage`, which must hold the whole array.
    DataArray(std::shared_ptr<const Storage> storage, std::size_t offset, ElementType type,
              std::vector<std::uint64_t> shape, bool fortran_order = false);
    /// One-dimensional, from values.
    explicit DataArray(const std::vector<std::int64_t>& values);
    explicit DataArray(const std::vector<double>& values);

    [[nodiscard]] const std::vector<std::uint64_t>& shape() const noexcept { return shape_; }
    [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
    [[nodiscard]] ElementType type() const noexcept { return type_; }
    [[nodiscard]] bool is_integer() const noexcept { return type_ < ElementType::kF32; }
    /// "(3, 4)"
    [[nodiscard]] std::string shape_text() const;
    /// Index of element `i` as text: "7" or "(1, 3)".
    [[nodiscard]] std::string index_text(std::uint64_t i) const;

    /// Names of the columns of a table with a header; empty otherwise.
    [[nodiscard]] const std::vector<std::string>& columns() const noexcept { return columns_; }
    void set_columns(std::vector<std::string> names) { columns_ = std::move(names); }

    /// Element `i` as it is; integers beyond 2^53 are rounded. May be NaN or infinite.
    [[nodiscard]] double number(std::uint64_t i) const {
        const std::byte* p = address(i);
        switch (type_) {
            case ElementType::kF32:
                return static_cast<double>(load<float>(p));
            case ElementType::kF64:
                return load<double>(p);
            case ElementType::kU64:
                return static_cast<double>(load<std::uint64_t>(p));
            default:
                return static_cast<double>(integer_at(p));
        }
    }
    /// Element `i` if it is an integer that fits 64 bits; otherwise nothing.
    [[nodiscard]] std::optional<std::int64_t> integer(std::uint64_t i) const {
        if (type_ < ElementType::kU64) return integer_at(address(i));
        return wide_integer(i);
    }

    /// Column `k` of a two-dimensional array.
    [[nodiscard]] DataArray column(std::uint64_t k) const;
    /// Calls visit(i) for every element in order until it returns false; then the result is false.
    /// Gives the pages of a mapped file back on the way, so that a long array takes little memory.
    template <class Visit>
    bool scan(Visit visit) const {
        constexpr std::uint64_t kStretch = std::uint64_t{1} << 19U;
        for (std::uint64_t begin = 0; begin < count_; begin += kStretch) {
            const std::uint64_t end = std::min(begin + kStretch, count_);
            for (std::uint64_t i = begin; i < end; ++i) {
                if (!visit(i)) return false;
            }
            if (count_ > kStretch) storage_->release_pages();
        }
        return true;
    }

private:
    template <class T>
    static T load(const std::byte* p) noexcept {
        T value;
        std::memcpy(&value, p, sizeof value);
        return value;
    }
    static_assert(sizeof(bool) == 1);

    [[nodiscard]] const std::byte* address(std::uint64_t i) const {
        if (uniform_) return base_ + i * step_;
        return base_ + unravel(i);
    }
    [[nodiscard]] std::int64_t integer_at(const std::byte* p) const noexcept {
        switch (type_) {
            case ElementType::kBool:
                return load<std::uint8_t>(p) != 0 ? 1 : 0;
            case ElementType::kI8:
                return load<std::int8_t>(p);
            case ElementType::kI16:
                return load<std::int16_t>(p);
            case ElementType::kI32:
                return load<std::int32_t>(p);
            case ElementType::kI64:
                return load<std::int64_t>(p);
            case ElementType::kU8:
                return load<std::uint8_t>(p);
            case ElementType::kU16:
                return load<std::uint16_t>(p);
            case ElementType::kU32:
                return load<std::uint32_t>(p);
            default:
                return 0;
        }
    }
    [[nodiscard]] std::optional<std::int64_t> wide_integer(std::uint64_t i) const;
    [[nodiscard]] std::uint64_t unravel(std::uint64_t i) const;
    void set_strides(bool fortran_order);

    std::shared_ptr<const Storage> storage_;
    const std::byte* base_ = nullptr;
    ElementType type_ = ElementType::kI64;
    std::vector<std::uint64_t> shape_;
    std::vector<std::uint64_t> strides_;  ///< bytes
    std::uint64_t count_ = 0;
    bool uniform_ = true;     ///< element i is at base + i * step
    std::uint64_t step_ = 0;  ///< bytes
    std::vector<std::string> columns_;
};

}  // namespace seamount::compiler::frontend
