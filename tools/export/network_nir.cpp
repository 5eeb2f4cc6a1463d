#include "tools/export/network_nir.hpp"

#include <fmt/format.h>

#include <optional>

#include "compiler/frontend/frontend.hpp"
#include "isa/base/diagnostic.hpp"
#include "isa/base/output_file.hpp"
#include "tools/base/config_library.hpp"
#include "tools/base/files.hpp"
#include "tools/export/nir/nir_export.hpp"
#include "tools/import/import_options.hpp"
#include "tools/session/imported_network.hpp"
#include "tools/session/settings.hpp"

namespace seamount::exporter {
namespace {

namespace fs = std::filesystem;

void refuse_existing(const fs::path& target, const ExportRequest& request) {
    reject_input_as_output(target, {request.source});
    std::error_code ignored;
    if (request.force || !fs::is_regular_file(target, ignored)) return;
    bad_input("OUT-WRITE", target.string(), "is there already", "--force replaces it");
}

compiler::Network read(const fs::path& file, const ExportRequest& request) {
    Diagnostics found;
    const Settings settings = session::settings_of(request.assignments);
    compiler::Network network =
        compiler::read_network(file, settings, tools::find_config_dir() / "neurons", found);
    found.throw_if_errors();
    session::reject_unused(settings, "the network declares no variables");
    return network;
}

}  // namespace

std::vector<fs::path> network_as_nir(const ExportRequest& request) {
    tools::require_file(request.source);
    if (tools::is_image(request.source)) {
        bad_input("OUT-NIR", request.source.string(),
                  "is an image, which has words for the chip in place of equations",
                  "give the network file that it was compiled from");
    }
    const fs::path target = request.target.empty()
                                ? request.source.filename().replace_extension(".nir")
                                : request.target;
    refuse_existing(target, request);
    std::optional<session::ImportedNetwork> imported;
    if (session::is_foreign_network(request.source)) {
        imported.emplace(request.source,
                         importer::read_import_options({{"dt", fmt::format("{}", request.dt_s)}}));
    }
    const NirExport nir =
        export_nir(read(imported ? imported->file() : request.source, request), request.dt_s);
    write_file(target, nir.bytes);
    if (request.note) {
        for (const std::string& note : nir.notes) request.note(note);
        request.note(fmt::format("steps are {} s: import with --dt {} --scale 64", request.dt_s,
                                 request.dt_s));
    }
    return {target};
}

}  // namespace seamount::exporter
