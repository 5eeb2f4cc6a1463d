#include "tools/export/image_graph.hpp"

#include <functional>
#include <system_error>

#include "isa/base/diagnostic.hpp"
#include "isa/base/output_file.hpp"
#include "tools/base/files.hpp"
#include "tools/export/graph/graph.hpp"
#include "tools/export/graph/graph_files.hpp"
#include "tools/session/listener.hpp"
#include "tools/session/open.hpp"

namespace seamount::exporter {
namespace {

namespace fs = std::filesystem;

using Write = std::function<void(const Graph&, const fs::path&, const std::string& network)>;

std::vector<fs::path> write_graph(const ExportRequest& request, const char* ending,
                                  const Write& write) {
    tools::require_file(request.source);
    const fs::path target = request.target.empty()
                                ? request.source.filename().replace_extension(ending)
                                : request.target;
    session::CompileSettings settings;
    settings.assignments = request.assignments;
    settings.chip = request.chip;
    session::Listener silent;
    const session::Loaded loaded = session::open(request.source, settings, silent);
    reject_input_as_output(target, loaded.files_read);
    reject_input_as_output(target, {request.source});
    std::error_code ignored;
    if (!request.force && fs::is_regular_file(target, ignored)) {
        bad_input("OUT-WRITE", target.string(), "is there already", "--force replaces it");
    }
    write(Graph{loaded.image}, target, loaded.image.network);
    return {target};
}

}  // namespace

std::vector<fs::path> image_as_edges(const ExportRequest& request) {
    return write_graph(request, ".edges.csv",
                       [](const Graph& graph, const fs::path& target,
                          const std::string& /*network*/) { write_edges(graph, target); });
}

std::vector<fs::path> image_as_hdf5(const ExportRequest& request) {
    return write_graph(request, ".h5", write_hdf5);
}

std::vector<fs::path> image_as_graphml(const ExportRequest& request) {
    return write_graph(request, ".graphml", write_graphml);
}

}  // namespace seamount::exporter
