#include "tools/export/export.hpp"

#include <array>

#include "tools/export/image_graph.hpp"
#include "tools/export/network_nir.hpp"
#include "tools/export/run_csv.hpp"

namespace seamount::exporter {
namespace {

using Write = std::vector<std::filesystem::path> (*)(const ExportRequest& request);

/// In the order of Format.
constexpr std::array<Write, kFormatNames.size()> kWriters{
    run_as_csv, network_as_nir, image_as_edges, image_as_hdf5, image_as_graphml};

}  // namespace

std::vector<std::filesystem::path> run_export(const ExportRequest& request) {
    return kWriters[static_cast<std::size_t>(request.format)](request);
}

}  // namespace seamount::exporter
