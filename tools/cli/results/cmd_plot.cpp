#include <fmt/core.h>

#include <memory>
#include <string>

#include "isa/base/diagnostic.hpp"
#include "isa/base/output_file.hpp"
#include "tools/cli/options/import_words.hpp"
#include "tools/cli/results/result_commands.hpp"
#include "tools/plot/plot.hpp"

namespace seamount::cli {
namespace {

using tools::PlotKind;

struct Options {
    tools::PlotRequest request;
    std::string folder;
    std::string output;
    std::string window;
    std::string width;  ///< millimetres
};

/// Options that this kind of picture would not follow are errors.
void reject_unused(const Options& options) {
    const PlotKind kind = options.request.kind;
    const bool has_steps = kind != PlotKind::kMesh && kind != PlotKind::kEnergy;
    const bool has_names = kind == PlotKind::kRaster || kind == PlotKind::kTraces;
    if (!options.window.empty() && !has_steps) {
        bad_input("CLI-USAGE", "--window", "this picture is of the whole run",
                  "raster, traces and timeline have a window");
    }
    if (!options.request.only.empty() && !has_names) {
        bad_input("CLI-USAGE", "--only", "this picture has no populations to choose from",
                  "raster and traces have");
    }
}

int write_plot(Options& options, const tools::Console& console) {
    tools::PlotRequest& request = options.request;
    reject_unused(options);
    if (!options.window.empty()) request.window = tools::parse_window("--window", options.window);
    if (!options.width.empty()) {
        constexpr double kLeast = 60.0;
        constexpr double kMost = 1000.0;
        request.width_mm = positive_number("--width", options.width);
        if (request.width_mm < kLeast || request.width_mm > kMost) {
            bad_input("CLI-USAGE", "--width",
                      fmt::format("{} is not in [{}, {}] (mm)", options.width, kLeast, kMost));
        }
    }
    const tools::PlotFormat format = tools::plot_format_of(options.output);
    const tools::Plot plot = tools::plot(tools::RunRecords{options.folder}, request, format);
    write_file(options.output, plot.file);
    console.print(fmt::format("{}\nwrote {}\n", plot.note, options.output));
    return tools::kOk;
}

constexpr const char* kFooter =
    R"(Pictures for papers, with axes and units, readable in grey; PNG has 216 dpi.

raster     spikes of inputs and populations over the steps; of very many their density
traces     what the network's probes read, with thresholds
mesh       tiles by what their cores did, links by what they carried
energy     by component, and by population what its cores do for it; prints the numbers too
timeline   each step: modelled time by cause, energy, spikes, synaptic events

Examples:
  seamount run net.yaml --steps 1000 --out r
  seamount plot raster r -o raster.svg --window 200:400
  seamount plot traces r -o v.png --only 'out[3]' --only hidden
  seamount plot mesh r -o mesh.svg --tiles utilisation --links wait_ns
  seamount plot timeline r -o timeline.svg --width 85)";

}  // namespace

Command plot_command(tools::Console& console) {
    const auto options = std::make_shared<Options>();
    tools::PlotRequest& request = options->request;
    return {"plot",
            "Draw what a run did, for a paper: SVG or PNG",
            {{.names = "KIND",
              .target = choice(request.kind, tools::kPlotKindNames, request.kind),
              .help = "What is drawn",
              .value_name = "raster|traces|mesh|energy|timeline",
              .required = true},
             {.names = "DIR",
              .target = &options->folder,
              .help = "Folder of run --out",
              .value_name = "",
              .required = true},
             {.names = "-o,--output",
              .target = &options->output,
              .help = "Write the picture to this file",
              .value_name = "FILE.svg|png",
              .required = true},
             {"--window", &options->window,
              "raster, traces, timeline: steps from FIRST to before END", "FIRST:END"},
             {"--only", &request.only,
              "raster: these populations and inputs; traces: these, or NAME[NEURON]", "NAME"},
             {"--tiles", choice(request.tiles, tools::kTileValueNames, request.tiles),
              "mesh: what tiles are coloured by"},
             {"--links", choice(request.links, tools::kLinkValueNames, request.links),
              "mesh: what links are as thick as"},
             {"--width", &options->width, "Millimetres (default: 170)", "MM"},
             quiet_option(console.quiet)},
            kFooter,
            {},
            [options, &console] { return write_plot(*options, console); }};
}

}  // namespace seamount::cli
