#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "isa/base/name_table.hpp"

namespace seamount::exporter {

/// What `seamount export` writes.
enum class Format : std::uint8_t {
    kCsv,      ///< of a folder of `run --out`: its tables
    kNir,      ///< of a network file: a NIR graph
    kEdges,    ///< of an image: its synapses as CSV
    kHdf5,     ///< of an image: the same as columns of HDF5
    kGraphml,  ///< of an image: the same as GraphML
};
inline constexpr auto kFormatNames = name_table<Format>({
    {Format::kCsv, "csv"},
    {Format::kNir, "nir"},
    {Format::kEdges, "edges"},
    {Format::kHdf5, "hdf5"},
    {Format::kGraphml, "graphml"},
});

struct ExportRequest {
    std::filesystem::path source;
    Format format = Format::kCsv;
    std::filesystem::path target;  ///< empty: as the format says
    bool force = false;            ///< replace files
    // Of a network:
    double dt_s = 1e-3;                      ///< seconds of a step
    std::vector<std::string> assignments{};  ///< --set
    std::string chip{};                      ///< that it is compiled for; empty: the default
    std::function<void(const std::string&)>
        note{};  ///< hears what a user should know; may be empty
};

/// Writes the files and gives their names. Throws InputError: OUT-WRITE, also if a file is there
/// already, and those of what is read.
[[nodiscard]] std::vector<std::filesystem::path> run_export(const ExportRequest& request);

}  // namespace seamount::exporter
