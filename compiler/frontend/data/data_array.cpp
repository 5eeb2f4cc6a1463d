#include "compiler/frontend/data/data_array.hpp"

#include <fmt/format.h>

#include <array>

#include "isa/base/assert.hpp"
#include "isa/base/text.hpp"

namespace seamount::compiler::frontend {

namespace {

constexpr std::array<std::size_t, 11> kSizes{1, 1, 2, 4, 8, 1, 2, 4, 8, 4, 8};

template <class T>
std::shared_ptr<const Storage> stored(const std::vector<T>& values) {
    std::vector<std::byte> bytes(values.size() * sizeof(T));
    if (!values.empty()) std::memcpy(bytes.data(), values.data(), bytes.size());
    return keep_bytes(std::move(bytes));
}

}  // namespace

std::size_t size_of(ElementType type) noexcept {
    return kSizes[static_cast<std::size_t>(type)];
}

void refuse_unpacking(std::uint64_t need, std::uint64_t max_input) {
    throw DataError{
        "NET-LARGE",
        fmt::format("it would take {} bytes of memory or more, at most {} are allowed",
                    grouped(need), grouped(max_input)),
        "if it is meant: --max-input 8G, for example, or store the array as .npy, which "
        "is read in place"};
}

DataArray::DataArray(std::shared_ptr<const Storage> storage, std::size_t offset, ElementType type,
                     std::vector<std::uint64_t> shape, bool fortran_order)
    : storage_{std::move(storage)}, type_{type}, shape_{std::move(shape)}, count_{1} {
    for (const std::uint64_t extent : shape_) count_ *= extent;
    const auto bytes = storage_->bytes();
    SM_ASSERT(offset <= bytes.size() && count_ <= (bytes.size() - offset) / size_of(type_),
              "the storage holds the array");
    base_ = bytes.data() + offset;
    set_strides(fortran_order);
}

DataArray::DataArray(const std::vector<std::int64_t>& values)
    : DataArray{stored(values), 0, ElementType::kI64, {values.size()}} {}

DataArray::DataArray(const std::vector<double>& values)
    : DataArray{stored(values), 0, ElementType::kF64, {values.size()}} {}

void DataArray::set_strides(bool fortran_order) {
    strides_.resize(shape_.size());
    std::uint64_t stride = size_of(type_);
    for (std::size_t k = 0; k < shape_.size(); ++k) {
        const std::size_t dimension = fortran_order ? k : shape_.size() - 1 - k;
        strides_[dimension] = stride;
        stride *= shape_[dimension];
    }
    uniform_ = !fortran_order || shape_.size() < 2;
    step_ = size_of(type_);
}

std::uint64_t DataArray::unravel(std::uint64_t i) const {
    std::uint64_t offset = 0;
    for (std::size_t k = shape_.size(); k-- > 0;) {
        offset += i % shape_[k] * strides_[k];
        i /= shape_[k];
    }
    return offset;
}

std::optional<std::int64_t> DataArray::wide_integer(std::uint64_t i) const {
    if (type_ == ElementType::kU64) {
        const auto value = load<std::uint64_t>(address(i));
        if (value > static_cast<std::uint64_t>(INT64_MAX)) return std::nullopt;
        return static_cast<std::int64_t>(value);
    }
    const double value = number(i);
    if (!(value >= -0x1p63 && value < 0x1p63) || std::trunc(value) != value) return std::nullopt;
    return static_cast<std::int64_t>(value);
}

DataArray DataArray::column(std::uint64_t k) const {
    SM_ASSERT(shape_.size() == 2 && k < shape_[1], "a column of a two-dimensional array");
    DataArray result = *this;
    result.base_ = base_ + k * strides_[1];
    result.shape_ = {shape_[0]};
    result.strides_ = {strides_[0]};
    result.count_ = shape_[0];
    result.uniform_ = true;
    result.step_ = strides_[0];
    result.columns_.clear();
    return result;
}

std::string DataArray::shape_text() const {
    std::string text = "(";
    for (std::size_t k = 0; k < shape_.size(); ++k) {
        text += (k == 0 ? "" : ", ") + std::to_string(shape_[k]);
    }
    return text + (shape_.size() == 1 ? ",)" : ")");
}

std::string DataArray::index_text(std::uint64_t i) const {
    if (shape_.size() < 2) return std::to_string(i);
    std::string text;
    for (std::size_t k = shape_.size(); k-- > 0;) {
        text = std::to_string(i % shape_[k]) + (text.empty() ? "" : ", ") + text;
        i /= shape_[k];
    }
    return "(" + text + ")";
}

}  // namespace seamount::compiler::frontend
