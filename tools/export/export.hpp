#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "isa/base/name_table.hpp"

namespace seamount::exporter {

/// What `seamount export` writes.
enum class Format : std::uint8_t {
    kCsv,  ///< of a folder of `run --out`: its tables
};
inline constexpr auto kFormatNames = name_table<Format>({
    {Format::kCsv, "csv"},
});

struct ExportRequest {
    std::filesystem::path source;
    Format format = Format::kCsv;
    std::filesystem::path target;  ///< empty: as the format says
    bool force = false;            ///< replace files
};

/// Writes the files and gives their names. Throws InputError: OUT-WRITE, also if a file is there
/// already, and those of what is read.
[[nodiscard]] std::vector<std::filesystem::path> run_export(const ExportRequest& request);

}  // namespace seamount::exporter
