#pragma once

#include <pybind11/numpy.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <vector>

namespace seamount::python {

/// A table of numbers that grows row by row and is looked at in place by numpy: a view keeps the
/// memory that it was made of, and what it shows never changes. Growing moves to new memory now and
/// then (twice as large), so that all views together cost at most as much again.
template <class T>
class Column {
public:
    /// Rows of `width` numbers; 0: a plain column.
    Column() = default;
    explicit Column(std::size_t width) : width_{width} {}

    void push(T value) { push_row({&value, 1}); }
    void push_row(std::span<const T> row) {
        if (row.empty()) return;
        if (memory_ == nullptr || size_ + row.size() > memory_->size()) {
            auto larger = std::make_shared<std::vector<T>>(
                std::max<std::size_t>(std::size_t{1024}, 2 * size_ + row.size()));
            if (size_ != 0) std::memcpy(larger->data(), memory_->data(), size_ * sizeof(T));
            memory_ = std::move(larger);
        }
        std::memcpy(memory_->data() + size_, row.data(), row.size() * sizeof(T));
        size_ += row.size();
    }
    [[nodiscard]] std::size_t rows() const noexcept { return width_ == 0 ? size_ : size_ / width_; }
    [[nodiscard]] T last() const { return (*memory_)[size_ - 1]; }
    [[nodiscard]] T at(std::size_t row) const { return (*memory_)[row]; }
    /// Forgets the rows from `rows` on. Views keep theirs: what follows goes to new memory.
    void cut(std::size_t rows) {
        const std::size_t size = width_ == 0 ? rows : rows * width_;
        if (size >= size_) return;
        auto fresh = std::make_shared<std::vector<T>>(std::max<std::size_t>(size, 1024));
        if (size != 0) std::memcpy(fresh->data(), memory_->data(), size * sizeof(T));
        memory_ = std::move(fresh);
        size_ = size;
    }
    /// What is there now, without a copy; not writable. Needs the interpreter.
    [[nodiscard]] pybind11::array view() const {
        namespace py = pybind11;
        std::vector<py::ssize_t> shape{static_cast<py::ssize_t>(rows())};
        if (width_ != 0) shape.push_back(static_cast<py::ssize_t>(width_));
        if (memory_ == nullptr) return py::array_t<T>(shape);
        auto keep = std::make_unique<std::shared_ptr<std::vector<T>>>(memory_);
        const py::capsule owner{keep.get(), [](void* held) {
                                    delete static_cast<std::shared_ptr<std::vector<T>>*>(held);
                                }};
        (void)keep.release();
        py::array_t<T> array{shape, memory_->data(), owner};
        py::detail::array_proxy(array.ptr())->flags &= ~py::detail::npy_api::NPY_ARRAY_WRITEABLE_;
        return array;
    }

private:
    std::size_t width_ = 0;
    std::size_t size_ = 0;
    std::shared_ptr<std::vector<T>> memory_;
};

}  // namespace seamount::python
