#include "tests/unit/import/netx_file.hpp"

#include <hdf5.h>

#include <algorithm>

#include "isa/base/diagnostic.hpp"

namespace seamount::test {
namespace {

/// Writes a dataset; without a shape a scalar.
void write(hid_t file, const std::string& object, hid_t type, const std::vector<hsize_t>& shape,
           const void* values) {
    const hid_t space =
        shape.empty() ? H5Screate(H5S_SCALAR)
                      : H5Screate_simple(static_cast<int>(shape.size()), shape.data(), nullptr);
    const hid_t links = H5Pcreate(H5P_LINK_CREATE);
    H5Pset_create_intermediate_group(links, 1);
    const hid_t dataset =
        H5Dcreate2(file, object.c_str(), type, space, links, H5P_DEFAULT, H5P_DEFAULT);
    H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values);
    H5Dclose(dataset);
    H5Pclose(links);
    H5Sclose(space);
}

std::string layer_path(int id, const std::string& key) {
    return "/layer/" + std::to_string(id) + "/" + key;
}

}  // namespace

NetxFile::NetxFile(const std::string& path)
    : file_{H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT)} {}

NetxFile::~NetxFile() {
    H5Fclose(file_);
}

void NetxFile::group(const std::string& object) {
    const hid_t links = H5Pcreate(H5P_LINK_CREATE);
    H5Pset_create_intermediate_group(links, 1);
    H5Gclose(H5Gcreate2(file_, object.c_str(), links, H5P_DEFAULT, H5P_DEFAULT));
    H5Pclose(links);
}

void NetxFile::attribute(const std::string& object, const std::string& name,
                         const std::string& text) {
    const hid_t type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, text.size());
    const hid_t space = H5Screate(H5S_SCALAR);
    const hid_t attribute = H5Acreate_by_name(file_, object.c_str(), name.c_str(), type, space,
                                              H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    H5Awrite(attribute, type, text.data());
    H5Aclose(attribute);
    H5Sclose(space);
    H5Tclose(type);
}

void NetxFile::fixed_text(const std::string& object, const std::string& text) {
    constexpr std::size_t kLength = 10;
    const hid_t type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, kLength);
    H5Tset_strpad(type, H5T_STR_NULLPAD);
    std::string padded = text;
    padded.resize(kLength, '\0');
    write(file_, object, type, {1}, padded.data());
    H5Tclose(type);
}

void NetxFile::text(const std::string& object, const std::string& text) {
    const hid_t type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, H5T_VARIABLE);
    H5Tset_cset(type, H5T_CSET_UTF8);
    const char* pointer = text.c_str();
    write(file_, object, type, {}, &pointer);
    H5Tclose(type);
}

void NetxFile::texts(const std::string& object, const std::vector<std::uint64_t>& shape,
                     const std::vector<std::string>& texts) {
    const hid_t type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, H5T_VARIABLE);
    std::vector<const char*> pointers;
    for (const std::string& text : texts) pointers.push_back(text.c_str());
    write(file_, object, type, {shape.begin(), shape.end()}, pointers.data());
    H5Tclose(type);
}

void NetxFile::integers(const std::string& object, const std::vector<std::int64_t>& values) {
    write(file_, object, H5T_NATIVE_INT64, {values.size()}, values.data());
}

void NetxFile::floats(const std::string& object, const std::vector<std::uint64_t>& shape,
                      const std::vector<float>& values) {
    write(file_, object, H5T_NATIVE_FLOAT, {shape.begin(), shape.end()}, values.data());
}

void NetxFile::layer(int id, const std::string& type, const std::vector<std::int64_t>& shape) {
    fixed_text(layer_path(id, "type"), type);
    integers(layer_path(id, "shape"), shape);
}

void NetxFile::neurons(int id, std::int64_t threshold) {
    text(layer_path(id, "neuron/type"), "LOIHI");
    integers(layer_path(id, "neuron/iDecay"), {4096});
    integers(layer_path(id, "neuron/vDecay"), {1024});
    integers(layer_path(id, "neuron/vThMant"), {threshold});
}

std::string write_netx(const TemporaryFolder& folder, const std::string& name,
                       const std::function<void(NetxFile&)>& fill) {
    NetxFile file{folder / name};
    fill(file);
    return folder / name;
}

importer::Imported import_netx(const std::string& path, const importer::NetxOptions& options) {
    return importer::import_netx(importer::Hdf5File{path}, "net.npz", options);
}

std::string netx_errors(const std::function<void(NetxFile&)>& fill,
                        const importer::NetxOptions& options) {
    const TemporaryFolder folder;
    try {
        (void)import_netx(write_netx(folder, "a.net", fill), options);
        return "";
    } catch (const InputError& error) {
        std::string text = error.what();
        const std::string prefix = folder / "";
        for (std::size_t at = text.find(prefix); at != std::string::npos; at = text.find(prefix)) {
            text.erase(at, prefix.size());
        }
        return text;
    }
}

void fill_small(NetxFile& file) {
    file.layer(0, "input", {2});
    file.layer(1, "dense", {1});
    file.floats("/layer/1/weight", {1, 2}, {4, -6});
    file.neurons(1, 10);
}

}  // namespace seamount::test
