#pragma once

#include <cstddef>
#include <cstring>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/ir/network.hpp"
#include "isa/base/diagnostic.hpp"
#include "isa/yaml/yaml.hpp"
#include "tests/support/temporary_folder.hpp"

namespace seamount::test {

/// How a test wants its .npy file.
struct NpyFormat {
    std::string descr;
    std::vector<std::size_t> shape;
    bool fortran_order = false;
    int version = 1;
};

/// A .npy file around `data`, written independently of the reader.
std::vector<std::byte> npy_file(const NpyFormat& format, const std::vector<std::byte>& data);

template <class T>
std::vector<std::byte> bytes_of(const std::vector<T>& values) {
    std::vector<std::byte> bytes(values.size() * sizeof(T));
    if (!values.empty()) std::memcpy(bytes.data(), values.data(), bytes.size());
    return bytes;
}

/// An int32 array file.
std::vector<std::byte> npy_i4(const std::vector<std::size_t>& shape,
                              const std::vector<std::int32_t>& values);
std::vector<std::byte> npy_f8(const std::vector<std::size_t>& shape,
                              const std::vector<double>& values);

/// Writes `yaml` to net.yaml of the folder and reads it, with the test's own neuron library.
compiler::Network read(const TemporaryFolder& folder, const std::string& yaml,
                       Diagnostics& diagnostics);
/// The same for a network without errors; throws InputError otherwise.
compiler::Network read(const TemporaryFolder& folder, const std::string& yaml);
/// The errors of a bad network, one per line with its hint, without folder names.
std::string errors_of(const TemporaryFolder& folder, const std::string& yaml);

/// Folder of the golden files; also the neuron library of these tests.
std::filesystem::path golden_folder();

/// All synapses of a projection, row by row.
std::vector<std::vector<compiler::RawSynapse>> rows_of(const compiler::Network& network,
                                                       std::size_t projection);

}  // namespace seamount::test
