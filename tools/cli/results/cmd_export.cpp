#include <fmt/core.h>

#include <memory>
#include <string>

#include "tools/cli/options/import_words.hpp"
#include "tools/cli/results/result_commands.hpp"
#include "tools/export/export.hpp"

namespace seamount::cli {
namespace {

struct Options {
    exporter::ExportRequest request;
    bool csv = false;
    std::string dt;  ///< seconds of a step
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
  seamount export r --format csv -o tables
  seamount export net.yaml --format nir -o net.nir
  seamount export net.smi --format edges       net.edges.csv: each synapse, weight, delay, cores
  seamount export net.smi --format graphml)";

}  // namespace

Command export_command(tools::Console& console) {
    const auto options = std::make_shared<Options>();
    exporter::ExportRequest& request = options->request;
    return {
        "export",
        "Write what a run recorded, or a network, in formats of other tools",
        {{.names = "DIR|NETWORK|IMAGE",
          .target = &request.source,
          .help = "Folder of run --out; for nir a network file; for edges, hdf5 and graphml an "
                  "image or a network",
          .value_name = "",
          .required = true},
         {"--format", choice(request.format, exporter::kFormatNames, request.format),
          "What is written"},
         {"--csv", &options->csv, "The same as --format csv"},
         {"-o,--output", &request.target,
          "Folder of the files (default: DIR/csv), or the file (default: NAME with the ending of "
          "the format)",
          "PATH"},
         {"--dt", &options->dt, "nir: seconds of a step (default: 0.001)", "SECONDS"},
         {"--set", &request.assignments, "A value for a variable of the network", "NAME=VALUE"},
         {"--chip", &request.chip,
          "edges, hdf5, graphml of a network: the chip that it is mapped to", "CHIP"},
         {"--force", &request.force, "Replace files that are there"},
         quiet_option(console.quiet)},
        kFooter,
        {},
        [options, &console] {
            if (!options->dt.empty()) {
                options->request.dt_s = positive_number("--dt", options->dt);
            }
            options->request.note = [&console](const std::string& note) {
                console.print(note + "\n");
            };
            return write_files(*options, console);
        }};
}

}  // namespace seamount::cli
