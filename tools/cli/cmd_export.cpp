#include <fmt/core.h>

#include <memory>
#include <string>

#include "tools/cli/commands.hpp"
#include "tools/export/export.hpp"

namespace seamount::cli {
namespace {

struct Options {
    exporter::ExportRequest request;
    bool csv = false;
};

int write_files(const Options& options, const tools::Console& console) {
    for (const std::filesystem::path& file : exporter::run_export(options.request)) {
        console.print(fmt::format("wrote {}\n", file.string()));
    }
    return tools::kOk;
}

constexpr const char* kFooter =
    R"(Records of a run are the same, byte for byte, as those of 'run --records csv'. Of an interrupted
run what is complete is written.

Examples:
  seamount run net.yaml --steps 1000000 --out r --records hdf5
  seamount export r --csv                      r/csv/spikes.csv, r/csv/perf.csv, ...
  seamount export r --format csv -o tables)";

}  // namespace

Command export_command(tools::Console& console) {
    const auto options = std::make_shared<Options>();
    exporter::ExportRequest& request = options->request;
    return {"export",
            "Write what a run recorded in formats of other tools",
            {{.names = "DIR",
              .target = &request.source,
              .help = "Folder of run --out",
              .value_name = "",
              .required = true},
             {"--format", choice(request.format, exporter::kFormatNames, request.format),
              "What is written"},
             {"--csv", &options->csv, "The same as --format csv"},
             {"-o,--output", &request.target, "Folder of the files (default: DIR/csv)", "FOLDER"},
             {"--force", &request.force, "Replace files that are there"},
             quiet_option(console.quiet)},
            kFooter,
            {},
            [options, &console] { return write_files(*options, console); }};
}

}  // namespace seamount::cli
