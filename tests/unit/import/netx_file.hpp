#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "tests/support/temporary_folder.hpp"
#include "tools/import/netx/netx_import.hpp"

namespace seamount::test {

/// An HDF5 file in the making, with what lava-dl puts into its exports. Groups come by themselves.
class NetxFile {
public:
    explicit NetxFile(const std::string& path);
    ~NetxFile();
    NetxFile(const NetxFile&) = delete;
    NetxFile& operator=(const NetxFile&) = delete;

    void group(const std::string& object);
    /// Ten characters in an array of one, as layers have their type.
    void fixed_text(const std::string& object, const std::string& text);
    /// A scalar of variable length, as neurons have their type.
    void text(const std::string& object, const std::string& text);
    /// An array of variable length.
    void texts(const std::string& object, const std::vector<std::uint64_t>& shape,
               const std::vector<std::string>& texts);
    void integers(const std::string& object, const std::vector<std::int64_t>& values);
    void floats(const std::string& object, const std::vector<std::uint64_t>& shape,
                const std::vector<float>& values);

    /// A text at an object that is there.
    void attribute(const std::string& object, const std::string& name, const std::string& text);

    /// Type and shape of layer `id`.
    void layer(int id, const std::string& type, const std::vector<std::int64_t>& shape);
    /// LOIHI neurons: iDecay 4096, vDecay 1024 and this vThMant.
    void neurons(int id, std::int64_t threshold);

private:
    std::int64_t file_;
};

/// Writes NAME of the folder; returns its path.
std::string write_netx(const TemporaryFolder& folder, const std::string& name,
                       const std::function<void(NetxFile&)>& fill);

/// Imports a netx file as network `net.npz`.
importer::Imported import_netx(const std::string& path, const importer::NetxOptions& options = {});

/// The errors of importing such a file, one per line with its hint, without folder names; empty if
/// there are none.
std::string netx_errors(const std::function<void(NetxFile&)>& fill,
                        const importer::NetxOptions& options = {});

/// An input of 2 places and a dense layer of 1 neuron: the smallest network that is right.
void fill_small(NetxFile& file);

}  // namespace seamount::test
