#include <fmt/core.h>

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "isa/base/output_file.hpp"
#include "tools/base/files.hpp"
#include "tools/cli/options/console_listener.hpp"
#include "tools/cli/options/import_words.hpp"
#include "tools/cli/options/mapping_options.hpp"
#include "tools/cli/options/parser.hpp"
#include "tools/cli/results/replay_options.hpp"
#include "tools/cli/results/result_commands.hpp"
#include "tools/explain/answer/answer.hpp"

namespace seamount::cli {
namespace {

struct Options {
    explain::Request request;
    std::string prune;     ///< a part of the whole
    std::string fraction;  ///< of the input spikes
    std::uint32_t lines = 12;
    std::string json;
    std::string page;
    ReplayOptions replay;
};

int show(const Options& options, const tools::Console& console) {
    const auto reject_inputs = [&](const std::vector<std::filesystem::path>& inputs) {
        for (const std::string& output : {options.json, options.page}) {
            if (!output.empty()) reject_input_as_output(output, inputs);
        }
    };
    reject_inputs(tools::files_of(options.request.run.file));
    ConsoleListener listener{console};
    const explain::Answer answer = explain::answer(options.request, listener);
    reject_inputs(answer.loaded.files_read);
    if (!options.json.empty()) write_file(options.json, explain::json_of(answer));
    if (!options.page.empty()) write_file(options.page, explain::page_of(answer));
    console.print(explain::text_of(answer, options.lines));
    for (const std::string& output : {options.json, options.page}) {
        if (!output.empty() && !is_standard_stream(output)) {
            console.print(fmt::format("wrote {}\n", output));
        }
    }
    return tools::kOk;
}

void finish(Options& options) {
    explain::Request& request = options.request;
    options.replay.finish(request.run);
    if (!options.prune.empty()) request.limits.prune = positive_number("--prune", options.prune);
    if (!options.fraction.empty()) {
        request.proof.fraction = positive_number("--top", options.fraction);
    }
}

constexpr const char* kFooter =
    R"(Plays the run again up to there and follows what happened back to the inputs. Contributions are
integers that add up to what crossed the threshold, with what rounding and clipping changed; 'without
it' is the neuron executed again without that one event. Scores of input spikes are their parts of the
whole, along all paths.

Of a folder of run --out the same files are opened again; that they still make the same image and the
same spikes is checked.

Examples:
  seamount explain digits.yaml --decision 3                  why this class and not the next best
  seamount explain net.smi --spike 'out[3]@120'
  seamount run net.yaml --steps 500 --out r; seamount explain r --spike 'out[3]@120' --page why.html
  seamount explain digits.yaml --decision all --verify       do the explanations hold?)";

std::vector<Option> question_options(Options& options) {
    explain::Request& request = options.request;
    return {
        {.names = "DIR|IMAGE|NETWORK",
         .target = &request.run.file,
         .help = "Folder of run --out, image, or network",
         .value_name = "",
         .required = true},
        {"--spike", &request.spike, "The spike to explain: POPULATION[INDEX]@STEP", "SPIKE"},
        {"--decision", &request.decision,
         "The answer to a sample of the dataset: its number, FIRST..LAST, or all", "SAMPLE"},
        {.names = "--window",
         .target = &request.window,
         .help = "Steps before a spike that are looked at, if no sample says where to begin",
         .range = Range{1, 1'000'000},
         .shows_default = true},
        {"--prune", &options.prune,
         "Do not look into what has less than this part of the whole (default: 0.001)", "PART"},
        {"--verify", &request.verify,
         "Remove the input spikes of the highest scores and play again; the same with random ones"},
        {"--top", &options.fraction,
         "With --verify: this part of the input spikes is removed (default: 0.1)", "PART"},
        {.names = "--draws",
         .target = &request.proof.draws,
         .help = "With --verify: how often random ones are removed",
         .range = Range{1, 100'000},
         .shows_default = true},
        {.names = "--lines",
         .target = &options.lines,
         .help = "Lines of each list that are printed",
         .range = Range{1, 1'000'000},
         .shows_default = true},
        {"--json", &options.json, "Write all of it as JSON", "FILE"},
        {"--page", &options.page, "Write a page to look at (HTML), with a heat map of the inputs",
         "FILE"},
    };
}

}  // namespace

Command explain_command(tools::Console& console) {
    const auto options = std::make_shared<Options>();
    Command command{"explain", "Say why a neuron spiked, or why a sample got its answer",
                    question_options(*options), kFooter};
    for (const std::vector<Option>& part : {mapping_options(options->request.run.mapping),
                                            options->replay.options(options->request.run)}) {
        command.options.insert(command.options.end(), part.begin(), part.end());
    }
    command.options.push_back(quiet_option(console.quiet));
    command.run = [options, &console] {
        finish(*options);
        return show(*options, console);
    };
    return command;
}

}  // namespace seamount::cli
