#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "isa/base/output_file.hpp"
#include "tools/base/files.hpp"
#include "tools/cli/commands.hpp"
#include "tools/cli/options/console_listener.hpp"
#include "tools/cli/options/import_words.hpp"
#include "tools/cli/options/mapping_options.hpp"
#include "tools/fit/fit_json.hpp"
#include "tools/fit/fit_sheet.hpp"
#include "tools/fit/study.hpp"
#include "tools/session/open.hpp"

namespace seamount::cli {
namespace {

struct Options {
    tools::FitRequest request;
    std::string json;
    ImportWords import;
};

/// The quick mapping follows no wishes.
void reject_wishes(const tools::FitRequest& request) {
    if (request.exact) return;
    const session::CompileSettings& settings = request.settings;
    Diagnostics found;
    const auto reject = [&](bool given, const char* option) {
        if (!given) return;
        found.error("CLI-MAPPING", {request.file.string(), 0, 0},
                    fmt::format("{}: the quick mapping has no use for it", option),
                    "it is for --exact");
    };
    reject(settings.partitioner.has_value(), "--partitioner");
    reject(settings.effort.has_value(), "--effort");
    reject(settings.placer.has_value(), "--placer");
    reject(settings.mapping_seed.has_value(), "--mapping-seed");
    reject(!settings.profile.empty(), "--profile");
    found.throw_if_errors();
}

int fit(Options& options, const tools::Console& console) {
    tools::FitRequest& request = options.request;
    reject_wishes(request);
    if (!request.inputs.empty() && !request.steps) {
        bad_input("FIT-STEPS", "--input", "is for a run, and none was asked for",
                  "say how long: --steps N");
    }
    if (!options.json.empty()) {
        reject_input_as_output(options.json, session::input_files(request.file, request.settings));
    }
    request.settings.import = options.import.read();
    ConsoleListener listener{console};
    const tools::FitAnswer answer = tools::study(request, listener);
    if (!options.json.empty()) {
        reject_input_as_output(options.json, answer.files_read);
        write_file(options.json, tools::fit_json(answer));
    }
    console.print(tools::fit_sheet(answer));
    if (!options.json.empty() && !is_standard_stream(options.json)) {
        console.print(fmt::format("wrote {}\n", options.json));
    }
    return answer.report.verdict == compiler::FitVerdict::kFits ? tools::kOk : tools::kCheckFailed;
}

constexpr const char* kFooter =
    R"(Exit code 0: it fits, there is a mapping. 1: it does not, or that is unclear: no mapping can be smaller than
what the chip has, but the quick one is not; --exact maps as a compilation does. Nothing runs unless --steps is given.

Examples:
  seamount fit net.yaml
  seamount fit trained.nir --dt 1e-3 --chip loihi2
  seamount fit network.net --rates 0.05 --rates input=0.2 --json fit.json
  seamount fit net.yaml --steps 100 --input input=spikes.csv
  seamount fit net.yaml --exact --effort 9)";

std::vector<Option> fit_options(Options& options) {
    tools::FitRequest& request = options.request;
    return {
        {"--exact", &request.exact, "Map as a compilation does: slower, and never unclear"},
        {"--rates", &request.rates,
         "Spikes per neuron and step, of all or of a population or input, for time and energy "
         "(default: 1, the most)",
         "[NAME=]RATE"},
        {.names = "--steps",
         .target = &request.steps,
         .help = "Measure time, energy and rates in a run of so many steps",
         .range = Range{1, std::uint64_t{1} << 32U},
         .excludes = "--rates"},
        {"--input", &request.inputs, "Spikes of that run, as for seamount run", "INPUT=FILE"},
        {.names = "--mapping-seed",
         .target = &request.settings.mapping_seed,
         .help = "With --exact: seed of the mapping (default 1)",
         .range = kSeeds},
        {"--profile", &request.settings.profile,
         "With --exact: how often each neuron spikes, from run --profile", "FILE"},
        {"--json", &options.json, "Write the answer as JSON", "FILE"},
    };
}

}  // namespace

Command fit_command(tools::Console& console) {
    const auto options = std::make_shared<Options>();
    Command command{
        "fit",
        "Say whether a network fits a chip, and what a step would cost",
        {{.names = "NETWORK",
          .target = &options->request.file,
          .help = "Network file (YAML), or network of another tool (see seamount import)",
          .value_name = "",
          .required = true}},
        kFooter};
    const std::filesystem::path* const cache = &options->request.settings.cache;
    std::vector<Option> mapping = mapping_options(options->request.settings);
    std::erase_if(mapping, [cache](const Option& option) {  // nothing of it is kept
        const auto* const target = std::get_if<std::filesystem::path*>(&option.target);
        return target != nullptr && *target == cache;
    });
    for (const std::vector<Option>& part :
         {fit_options(*options), mapping, import_options(options->import)}) {
        command.options.insert(command.options.end(), part.begin(), part.end());
    }
    command.options.push_back(quiet_option(console.quiet));
    command.run = [options, &console] { return fit(*options, console); };
    return command;
}

}  // namespace seamount::cli
