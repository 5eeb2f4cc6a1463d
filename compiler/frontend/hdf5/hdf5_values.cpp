#include "compiler/frontend/hdf5/hdf5_values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "compiler/frontend/hdf5/hdf5_file.hpp"

namespace seamount::compiler::frontend {
namespace {

bool has_one_element(hid_t attribute) {
    const Handle space{H5Aget_space(attribute), H5Sclose};
    return space.valid() && H5Sget_simple_extent_npoints(space.id()) == 1;
}

}  // namespace

std::optional<DatasetExtent> extent_of(hid_t dataset) {
    const Handle space{H5Dget_space(dataset), H5Sclose};
    if (!space.valid()) return std::nullopt;
    if (H5Sget_simple_extent_type(space.id()) == H5S_NULL) return DatasetExtent{{0}, 0};
    const int rank = H5Sget_simple_extent_ndims(space.id());
    if (rank < 0 || rank > H5S_MAX_RANK) return std::nullopt;
    std::vector<hsize_t> extent(static_cast<std::size_t>(rank));
    if (rank > 0 && H5Sget_simple_extent_dims(space.id(), extent.data(), nullptr) < 0) {
        return std::nullopt;
    }
    DatasetExtent result;
    for (const hsize_t size : extent) {
        result.shape.push_back(size);
        if (size != 0 && result.elements > Hdf5File::kMaxElements / size) {
            result.elements = Hdf5File::kMaxElements + 1;
        } else {
            result.elements *= size;
        }
    }
    return result;
}

std::string missing_filter(hid_t dataset) {
    const Handle plist{H5Dget_create_plist(dataset), H5Pclose};
    if (!plist.valid()) return {};
    const int filters = H5Pget_nfilters(plist.id());
    for (int i = 0; i < filters; ++i) {
        unsigned flags = 0;
        std::size_t values = 0;
        std::array<char, 64> name{};
        unsigned config = 0;
        const H5Z_filter_t filter =
            H5Pget_filter2(plist.id(), static_cast<unsigned>(i), &flags, &values, nullptr,
                           name.size(), name.data(), &config);
        if (filter >= 0 && H5Zfilter_avail(filter) <= 0) {
            name.back() = '\0';
            return name.front() == '\0' ? fmt::format("number {}", filter)
                                        : std::string{name.data()};
        }
    }
    return {};
}

bool read_numbers(hid_t dataset, std::vector<double>& values) {
    if (values.empty()) return true;
    const Handle type{H5Dget_type(dataset), H5Tclose};
    if (H5Tget_class(type.id()) != H5T_ENUM) {
        return H5Dread(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()) >=
               0;
    }
    // libhdf5 converts no enumeration (numpy's booleans) to numbers: read its base type's bytes.
    if (H5Tget_size(type.id()) != 1) return false;
    std::vector<signed char> bytes(values.size());
    if (H5Dread(dataset, type.id(), H5S_ALL, H5S_ALL, H5P_DEFAULT, bytes.data()) < 0) return false;
    std::copy(bytes.begin(), bytes.end(), values.begin());
    return true;
}

bool holds_lists(hid_t type) {
    if (H5Tget_class(type) != H5T_VLEN) return false;
    const Handle base{H5Tget_super(type), H5Tclose};
    const H5T_class_t kind = base.valid() ? H5Tget_class(base.id()) : H5T_NO_CLASS;
    return kind == H5T_INTEGER || kind == H5T_FLOAT;
}

bool read_list(hid_t dataset, std::uint64_t index, std::vector<double>& values) {
    const Handle space{H5Dget_space(dataset), H5Sclose};
    const hsize_t start = index;
    const hsize_t one = 1;
    if (!space.valid() ||
        H5Sselect_hyperslab(space.id(), H5S_SELECT_SET, &start, nullptr, &one, nullptr) < 0) {
        return false;
    }
    const Handle single{H5Screate_simple(1, &one, nullptr), H5Sclose};
    const Handle memory{H5Tvlen_create(H5T_NATIVE_DOUBLE), H5Tclose};
    hvl_t list{0, nullptr};
    if (!single.valid() || !memory.valid() ||
        H5Dread(dataset, memory.id(), single.id(), space.id(), H5P_DEFAULT, &list) < 0) {
        return false;
    }
    const bool fits = list.len <= Hdf5File::kMaxElements;
    if (fits && list.p != nullptr) {
        const auto* const numbers = static_cast<const double*>(list.p);
        values.assign(numbers, numbers + list.len);
    }
    H5Dvlen_reclaim(memory.id(), single.id(), H5P_DEFAULT, &list);
    return fits;
}

bool read_texts(hid_t dataset, std::uint64_t count, std::vector<std::string>& texts) {
    const Handle type{H5Dget_type(dataset), H5Tclose};
    if (count == 0) return true;
    if (H5Tis_variable_str(type.id()) > 0) {
        std::vector<char*> pointers(count, nullptr);
        const Handle memory{H5Tcopy(type.id()), H5Tclose};
        if (H5Dread(dataset, memory.id(), H5S_ALL, H5S_ALL, H5P_DEFAULT, pointers.data()) < 0) {
            return false;
        }
        for (const char* text : pointers) texts.emplace_back(text == nullptr ? "" : text);
        const Handle space{H5Dget_space(dataset), H5Sclose};
        H5Dvlen_reclaim(memory.id(), space.id(), H5P_DEFAULT, pointers.data());
        return true;
    }
    const std::size_t size = H5Tget_size(type.id());
    if (size == 0 || size > Hdf5File::kMaxElements / count) return false;
    std::string bytes(size * count, '\0');
    if (H5Dread(dataset, type.id(), H5S_ALL, H5S_ALL, H5P_DEFAULT, bytes.data()) < 0) return false;
    for (std::uint64_t i = 0; i < count; ++i) {
        const std::string_view field{bytes.data() + i * size, size};
        texts.emplace_back(field.substr(0, field.find('\0')));
    }
    return true;
}

std::optional<std::string> text_of(hid_t attribute) {
    const Handle type{H5Aget_type(attribute), H5Tclose};
    if (!type.valid() || H5Tget_class(type.id()) != H5T_STRING || !has_one_element(attribute)) {
        return std::nullopt;
    }
    if (H5Tis_variable_str(type.id()) > 0) {
        char* text = nullptr;
        const Handle memory{H5Tcopy(type.id()), H5Tclose};
        if (H5Aread(attribute, memory.id(), &text) < 0 || text == nullptr) return std::nullopt;
        std::string result{text};
        H5free_memory(text);
        return result;
    }
    constexpr std::size_t kLongest = std::size_t{1} << 20U;
    const std::size_t size = H5Tget_size(type.id());
    if (size == 0 || size > kLongest) return std::nullopt;
    std::string bytes(size, '\0');
    if (H5Aread(attribute, type.id(), bytes.data()) < 0) return std::nullopt;
    return bytes.substr(0, bytes.find('\0'));
}

std::optional<double> number_of(hid_t attribute) {
    const Handle type{H5Aget_type(attribute), H5Tclose};
    const H5T_class_t kind = type.valid() ? H5Tget_class(type.id()) : H5T_NO_CLASS;
    if ((kind != H5T_INTEGER && kind != H5T_FLOAT) || !has_one_element(attribute)) {
        return std::nullopt;
    }
    double value = 0;
    if (H5Aread(attribute, H5T_NATIVE_DOUBLE, &value) < 0) return std::nullopt;
    return value;
}

}  // namespace seamount::compiler::frontend
