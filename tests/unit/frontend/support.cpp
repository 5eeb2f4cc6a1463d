#include "tests/unit/frontend/support.hpp"

#include <fstream>

#include "compiler/frontend/frontend.hpp"

namespace seamount::test {

std::vector<std::byte> npy_file(const NpyFormat& format, const std::vector<std::byte>& data) {
    std::string shape = "(";
    for (const std::size_t extent : format.shape) shape += std::to_string(extent) + ", ";
    std::string header = "{'descr': '" + format.descr +
                         "', 'fortran_order': " + (format.fortran_order ? "True" : "False") +
                         ", 'shape': " + shape + "), }";
    const std::size_t prefix = format.version == 1 ? 10 : 12;
    while ((prefix + header.size() + 1) % 64 != 0) header += ' ';
    header += '\n';
    std::string file{"\x93NUMPY", 6};
    file += static_cast<char>(format.version);
    file += '\0';
    for (std::size_t k = 0; k < prefix - 8; ++k) {
        file += static_cast<char>(header.size() >> (8 * k) & 0xFFU);
    }
    file += header;
    std::vector<std::byte> bytes(file.size() + data.size());
    std::memcpy(bytes.data(), file.data(), file.size());
    if (!data.empty()) std::memcpy(bytes.data() + file.size(), data.data(), data.size());
    return bytes;
}

std::vector<std::byte> npy_i4(const std::vector<std::size_t>& shape,
                              const std::vector<std::int32_t>& values) {
    return npy_file({"<i4", shape}, bytes_of(values));
}

std::vector<std::byte> npy_f8(const std::vector<std::size_t>& shape,
                              const std::vector<double>& values) {
    return npy_file({"<f8", shape}, bytes_of(values));
}

std::filesystem::path golden_folder() {
    return std::filesystem::path{SEAMOUNT_SOURCE_DIR} / "tests/unit/frontend/golden";
}

compiler::Network read(const TemporaryFolder& folder, const std::string& yaml,
                       Diagnostics& diagnostics) {
    folder.write("net.yaml", yaml);
    return compiler::read_network(folder / "net.yaml", {}, golden_folder(), diagnostics);
}

compiler::Network read(const TemporaryFolder& folder, const std::string& yaml) {
    Diagnostics diagnostics;
    compiler::Network network = read(folder, yaml, diagnostics);
    diagnostics.throw_if_errors();
    return network;
}

std::string errors_of(const TemporaryFolder& folder, const std::string& yaml) {
    try {
        read(folder, yaml);
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

std::vector<std::vector<compiler::RawSynapse>> rows_of(const compiler::Network& network,
                                                       std::size_t projection) {
    const compiler::Projection& p = network.projections.at(projection);
    const std::uint32_t sources = p.from.is_input ? network.inputs.at(p.from.index).image.size
                                                  : network.populations.at(p.from.index).size;
    std::vector<std::vector<compiler::RawSynapse>> rows(sources);
    for (std::uint32_t i = 0; i < sources; ++i) p.rows->row(i, rows[i]);
    return rows;
}

}  // namespace seamount::test
