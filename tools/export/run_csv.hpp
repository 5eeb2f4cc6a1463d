#pragma once

#include <filesystem>
#include <vector>

#include "tools/export/export.hpp"

namespace seamount::exporter {

/// The tables of a run as CSV, byte for byte as `run --records csv` writes them, into the folder
/// `target`, by default `csv` within the run's. Of an interrupted run what is complete. Throws
/// InputError (RUN-RECORDS, OUT-WRITE).
[[nodiscard]] std::vector<std::filesystem::path> run_as_csv(const ExportRequest& request);

}  // namespace seamount::exporter
