#include <fmt/core.h>

#include <filesystem>
#include <memory>
#include <string>

#include "isa/base/output_file.hpp"
#include "isa/image/image.hpp"
#include "tools/base/files.hpp"
#include "tools/cli/results/result_commands.hpp"
#include "tools/diff/difference.hpp"

namespace seamount::cli {
namespace {

namespace fs = std::filesystem;

struct Options {
    std::string first;
    std::string second;
    std::string json;
};

diff::Difference compare(const Options& options) {
    std::error_code ignored;
    const bool is_run = fs::is_directory(options.first, ignored);
    if (is_run != fs::is_directory(options.second, ignored)) {
        bad_input("CLI-USAGE", "seamount diff", "one is a folder and the other is none",
                  "name two folders of run --out, or two images");
    }
    if (is_run) {
        return diff::of_runs(tools::RunRecords{options.first}, tools::RunRecords{options.second});
    }
    for (const std::string& file : {options.first, options.second}) {
        tools::require_file(file);
        if (!tools::is_image(file)) {
            bad_input("CLI-FILE", file, "neither an image nor a folder of a run",
                      "compile the network: seamount compile");
        }
    }
    return diff::of_images(isa::load_image(options.first), isa::load_image(options.second));
}

int show_difference(const Options& options, const tools::Console& console) {
    if (!options.json.empty()) {
        for (const std::string& source : {options.first, options.second}) {
            reject_input_as_output(options.json, tools::files_of(source));
        }
    }
    const diff::Difference difference = compare(options);
    if (!options.json.empty()) {
        write_file(options.json, json_text(difference.json, 2) + '\n');
    }
    for (const std::string& line : difference.lines) console.print(line + '\n');
    if (difference.lines.empty()) console.print("no difference\n");
    return difference.lines.empty() ? tools::kOk : tools::kCheckFailed;
}

constexpr const char* kFooter =
    R"(Of runs: the first spike and the first recorded state that differ, then counts, time and energy.
Of images: populations, parameters, synapses and places. Exit code 0: no difference, 1: some.

Examples:
  seamount diff before after              folders of run --out
  seamount diff a.smi b.smi --json -      images)";

}  // namespace

Command diff_command(tools::Console& console) {
    const auto options = std::make_shared<Options>();
    return {"diff",
            "Say where two runs or two images part",
            {{.names = "FIRST",
              .target = &options->first,
              .help = "Folder of run --out, or image",
              .value_name = "",
              .required = true},
             {.names = "SECOND",
              .target = &options->second,
              .help = "The other one",
              .value_name = "",
              .required = true},
             {"--json", &options->json, "Write the differences as JSON", "FILE"},
             quiet_option(console.quiet)},
            kFooter,
            {},
            [options, &console] { return show_difference(*options, console); }};
}

}  // namespace seamount::cli
