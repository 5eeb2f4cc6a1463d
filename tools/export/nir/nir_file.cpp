#include "tools/export/nir/nir_file.hpp"

#include <hdf5.h>

#include <algorithm>

#include "isa/base/assert.hpp"

namespace seamount::exporter {
namespace {

constexpr const char* kNodes = "/node/nodes/";
constexpr std::size_t kGrowth = std::size_t{1} << 20U;

/// Something of the library's that is closed at the end.
class Handle {
public:
    Handle(hid_t id, herr_t (*close)(hid_t)) : id_{id}, close_{close} {
        SM_ASSERT(id >= 0, "HDF5 refuses what is to be written");
    }
    ~Handle() { close_(id_); }
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;
    operator hid_t() const noexcept { return id_; }

private:
    hid_t id_;
    herr_t (*close_)(hid_t);
};

Handle text_type() {
    const hid_t type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, H5T_VARIABLE);
    H5Tset_cset(type, H5T_CSET_UTF8);
    return {type, H5Tclose};
}

/// A dataset, with the groups on the way; no extents: a scalar.
void write(hid_t file, const std::string& object, hid_t stored, hid_t held,
           const std::vector<hsize_t>& extents, const void* values) {
    const Handle space{extents.empty() ? H5Screate(H5S_SCALAR)
                                       : H5Screate_simple(static_cast<int>(extents.size()),
                                                          extents.data(), nullptr),
                       H5Sclose};
    const Handle links{H5Pcreate(H5P_LINK_CREATE), H5Pclose};
    H5Pset_create_intermediate_group(links, 1);
    const Handle dataset{
        H5Dcreate2(file, object.c_str(), stored, space, links, H5P_DEFAULT, H5P_DEFAULT), H5Dclose};
    const bool written = H5Dwrite(dataset, held, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >= 0;
    SM_ASSERT(written, object);
}

}  // namespace

NirFile::NirFile() : file_{-1} {
    const Handle access{H5Pcreate(H5P_FILE_ACCESS), H5Pclose};
    H5Pset_fapl_core(access, kGrowth, 0);
    file_ = H5Fcreate("nir", H5F_ACC_TRUNC, H5P_DEFAULT, access);
    SM_ASSERT(file_ >= 0, "no HDF5 file in memory");
    write_text("/version", "1.0.6");
    write_text("/node/type", "NIRGraph");
}

NirFile::~NirFile() {
    if (file_ >= 0) H5Fclose(file_);
}

std::string NirFile::node(const std::string& wanted, const std::string& type) {
    std::string name = wanted;
    std::replace(name.begin(), name.end(), '/', '_');
    if (name.find_first_not_of('.') == std::string::npos) name = "node";  // nothing, or a folder
    const std::string first = name;
    for (int n = 2; std::find(names_.begin(), names_.end(), name) != names_.end(); ++n) {
        name = first + "_" + std::to_string(n);
    }
    names_.push_back(name);
    write_text(kNodes + name + "/type", type);
    return name;
}

void NirFile::field(const std::string& node, const std::string& key, const Shape& shape,
                    const std::vector<double>& values) {
    write(file_, kNodes + node + "/" + key, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE,
          {shape.begin(), shape.end()}, values.data());
}

void NirFile::field(const std::string& node, const std::string& key,
                    const std::vector<std::int64_t>& values) {
    write(file_, kNodes + node + "/" + key, H5T_STD_I64LE, H5T_NATIVE_INT64, {values.size()},
          values.data());
}

void NirFile::scalar(const std::string& node, const std::string& key, std::int64_t value) {
    write(file_, kNodes + node + "/" + key, H5T_STD_I64LE, H5T_NATIVE_INT64, {}, &value);
}

void NirFile::metadata(const std::string& key, double value) {
    write(file_, "/node/metadata/" + key, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, {}, &value);
}

void NirFile::write_text(const std::string& object, const std::string& text) {
    const Handle type = text_type();
    const char* const pointer = text.c_str();
    write(file_, object, type, type, {}, &pointer);
}

void NirFile::write_edges() {
    const Handle type = text_type();
    std::vector<const char*> pointers;
    for (const auto& [from, to] : edges_) {
        pointers.push_back(from.c_str());
        pointers.push_back(to.c_str());
    }
    write(file_, "/node/edges", type, type, {edges_.size(), 2}, pointers.data());
}

std::string NirFile::finish() {
    write_edges();
    H5Fflush(file_, H5F_SCOPE_GLOBAL);
    const ssize_t size = H5Fget_file_image(file_, nullptr, 0);
    SM_ASSERT(size > 0, "no image of an HDF5 file");
    std::string bytes(static_cast<std::size_t>(size), '\0');
    H5Fget_file_image(file_, bytes.data(), bytes.size());
    return bytes;
}

}  // namespace seamount::exporter
