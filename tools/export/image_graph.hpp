#pragma once

#include <filesystem>
#include <vector>

#include "tools/export/export.hpp"

namespace seamount::exporter {

// The mapped network of an image, or of a network that is compiled on the way, as one file,
// `target`, by default NAME.edges.csv, NAME.h5 or NAME.graphml in the current folder. Throw
// InputError (OUT-WRITE, and those of the network).
[[nodiscard]] std::vector<std::filesystem::path> image_as_edges(const ExportRequest& request);
[[nodiscard]] std::vector<std::filesystem::path> image_as_hdf5(const ExportRequest& request);
[[nodiscard]] std::vector<std::filesystem::path> image_as_graphml(const ExportRequest& request);

}  // namespace seamount::exporter
