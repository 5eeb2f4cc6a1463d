#pragma once

#include <filesystem>
#include <vector>

#include "tools/export/export.hpp"

namespace seamount::exporter {

/// A network file as a NIR graph, into the file `target`, by default NAME.nir in the current
/// folder. Networks of other tools are imported on the way, with the same `dt_s`. Throws
/// InputError: OUT-NIR for what NIR has no word for and for images, OUT-WRITE, and those of the
/// network.
[[nodiscard]] std::vector<std::filesystem::path> network_as_nir(const ExportRequest& request);

}  // namespace seamount::exporter
