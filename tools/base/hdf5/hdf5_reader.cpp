#include "tools/base/hdf5/hdf5_reader.hpp"

#include <algorithm>
#include <utility>

#include "isa/base/diagnostic.hpp"
#include "tools/base/hdf5/held.hpp"

namespace seamount::tools {
namespace {

herr_t collect_name(hid_t /*group*/, const char* name, const H5L_info_t* /*info*/, void* names) {
    static_cast<std::vector<std::string>*>(names)->emplace_back(name);
    return 0;
}

}  // namespace

Hdf5Reader::Hdf5Reader(std::filesystem::path path) : path_{std::move(path)} {
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
    const Held access{H5Pcreate(H5P_FILE_ACCESS), H5Pclose};
    H5Pset_file_locking(access.id(), false, true);
    file_ = H5Fopen(path_.c_str(), H5F_ACC_RDONLY, access.id());
    if (file_ < 0) fail("/");
}

Hdf5Reader::~Hdf5Reader() {
    H5Fclose(file_);
}

bool Hdf5Reader::has(const std::string& object) const {
    const Held opened{H5Oopen(file_, object.c_str(), H5P_DEFAULT), H5Oclose};
    return opened.valid();
}

std::vector<std::string> Hdf5Reader::members(const std::string& group) const {
    std::vector<std::string> names;
    const Held opened{H5Gopen2(file_, group.c_str(), H5P_DEFAULT), H5Gclose};
    hsize_t at = 0;
    if (!opened.valid() ||
        H5Literate(opened.id(), H5_INDEX_NAME, H5_ITER_INC, &at, collect_name, &names) < 0) {
        fail(group);
    }
    std::ranges::sort(names);
    return names;
}

std::uint64_t Hdf5Reader::size(const std::string& dataset) const {
    const Held opened{H5Dopen2(file_, dataset.c_str(), H5P_DEFAULT), H5Dclose};
    const Held space{opened.valid() ? H5Dget_space(opened.id()) : -1, H5Sclose};
    if (!space.valid() || H5Sget_simple_extent_ndims(space.id()) != 1) fail(dataset);
    return static_cast<std::uint64_t>(H5Sget_simple_extent_npoints(space.id()));
}

void Hdf5Reader::read_raw(const std::string& dataset, std::uint64_t first, std::uint64_t count,
                          std::int64_t type, void* values) const {
    if (count == 0) return;
    const Held opened{H5Dopen2(file_, dataset.c_str(), H5P_DEFAULT), H5Dclose};
    const Held space{opened.valid() ? H5Dget_space(opened.id()) : -1, H5Sclose};
    const hsize_t start = first;
    const hsize_t size = count;
    const Held memory{H5Screate_simple(1, &size, nullptr), H5Sclose};
    if (!space.valid() ||
        H5Sselect_hyperslab(space.id(), H5S_SELECT_SET, &start, nullptr, &size, nullptr) < 0 ||
        H5Dread(opened.id(), type, memory.id(), space.id(), H5P_DEFAULT, values) < 0) {
        fail(dataset);
    }
}

void Hdf5Reader::read(const std::string& dataset, std::uint64_t first, std::uint64_t count,
                      std::vector<std::int64_t>& values) const {
    values.resize(count);
    read_raw(dataset, first, count, H5T_NATIVE_INT64, values.data());
}

void Hdf5Reader::read(const std::string& dataset, std::uint64_t first, std::uint64_t count,
                      std::vector<double>& values) const {
    values.resize(count);
    read_raw(dataset, first, count, H5T_NATIVE_DOUBLE, values.data());
}

std::vector<std::string> Hdf5Reader::texts(const std::string& dataset) const {
    const std::uint64_t count = size(dataset);
    std::vector<char*> raw(count);
    const Held type{variable_text(), H5Tclose};
    read_raw(dataset, 0, count, type.id(), raw.data());
    std::vector<std::string> texts;
    for (char* const text : raw) {
        texts.emplace_back(text == nullptr ? "" : text);
        H5free_memory(text);
    }
    return texts;
}

std::optional<std::string> Hdf5Reader::text(const std::string& object,
                                            const std::string& name) const {
    const Held attribute{
        H5Aopen_by_name(file_, object.c_str(), name.c_str(), H5P_DEFAULT, H5P_DEFAULT), H5Aclose};
    const Held stored{attribute.valid() ? H5Aget_type(attribute.id()) : -1, H5Tclose};
    if (!stored.valid() || H5Tis_variable_str(stored.id()) <= 0) return std::nullopt;
    const Held type{variable_text(), H5Tclose};
    char* raw = nullptr;
    if (H5Aread(attribute.id(), type.id(), &raw) < 0) fail(object);
    std::string text{raw == nullptr ? "" : raw};
    H5free_memory(raw);
    return text;
}

std::optional<double> Hdf5Reader::number(const std::string& object, const std::string& name) const {
    const Held attribute{
        H5Aopen_by_name(file_, object.c_str(), name.c_str(), H5P_DEFAULT, H5P_DEFAULT), H5Aclose};
    const Held space{attribute.valid() ? H5Aget_space(attribute.id()) : -1, H5Sclose};
    if (!space.valid() || H5Sget_simple_extent_npoints(space.id()) != 1) return std::nullopt;
    double value = 0.0;
    if (H5Aread(attribute.id(), H5T_NATIVE_DOUBLE, &value) < 0) return std::nullopt;
    return value;
}

void Hdf5Reader::fail(const std::string& object) const {
    bad_input("RUN-RECORDS", path_.string() + ":" + object, "damaged, or not written by a run",
              "run again");
}

}  // namespace seamount::tools
