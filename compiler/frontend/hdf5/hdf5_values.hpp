#pragma once

#include <hdf5.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// What is read from open datasets and attributes of an HDF5 file.

namespace seamount::compiler::frontend {

/// A handle of libhdf5 that closes itself.
class Handle {
public:
    using Close = herr_t (*)(hid_t);
    Handle(hid_t id, Close close) : id_{id}, close_{close} {}
    ~Handle() {
        if (id_ >= 0) close_(id_);
    }
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;
    [[nodiscard]] hid_t id() const noexcept { return id_; }
    [[nodiscard]] bool valid() const noexcept { return id_ >= 0; }

private:
    hid_t id_;
    Close close_;
};

struct DatasetExtent {
    std::vector<std::uint64_t> shape;
    std::uint64_t elements = 1;  ///< at most one more than Hdf5File::kMaxElements
};

/// The shape of a dataset; nothing if it has none that libhdf5 knows.
[[nodiscard]] std::optional<DatasetExtent> extent_of(hid_t dataset);

/// Why a dataset may not be readable: the first filter that this libhdf5 does not have.
[[nodiscard]] std::string missing_filter(hid_t dataset);

/// Fills `values`, as many as the dataset has; false if it cannot be read.
[[nodiscard]] bool read_numbers(hid_t dataset, std::vector<double>& values);

/// Whether elements of the type are lists of numbers, of variable length.
[[nodiscard]] bool holds_lists(hid_t type);

/// List `index` of a dataset of one dimension that has so many; false if it cannot be read or has
/// more than Hdf5File::kMaxElements numbers.
[[nodiscard]] bool read_list(hid_t dataset, std::uint64_t index, std::vector<double>& values);

/// Appends the `count` texts of a dataset, of fixed or variable length; false if it cannot be read.
[[nodiscard]] bool read_texts(hid_t dataset, std::uint64_t count, std::vector<std::string>& texts);

/// The value of an attribute that is one text, or one number; nothing if it is none such.
[[nodiscard]] std::optional<std::string> text_of(hid_t attribute);
[[nodiscard]] std::optional<double> number_of(hid_t attribute);

}  // namespace seamount::compiler::frontend
