#include <fmt/core.h>

#include <filesystem>
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "tools/cli/commands.hpp"
#include "tools/cli/console_listener.hpp"
#include "tools/cli/options/mapping_options.hpp"
#include "tools/cli/options/parser.hpp"
#include "tools/run/explain.hpp"
#include "tools/run/records/run_folder.hpp"
#include "tools/run/run_outputs.hpp"
#include "tools/run/run_summary.hpp"
#include "tools/session/request.hpp"
#include "tools/session/run.hpp"

namespace seamount::cli {
namespace {

struct Options {
    session::RunRequest request;
    bool no_learning = false;
    bool explain_time = false;
    tools::OutputNames outputs;
};

/// All files that the options name as inputs.
std::vector<std::filesystem::path> inputs_of(const Options& options) {
    const session::RunRequest& request = options.request;
    std::vector<std::filesystem::path> inputs = session::input_files(request.file, request.mapping);
    for (const std::string& assignment : request.inputs) {
        const std::size_t equals = assignment.find('=');
        if (equals != std::string::npos) inputs.emplace_back(assignment.substr(equals + 1));
    }
    return inputs;
}

int run_file(const Options& options, const tools::Console& console) {
    tools::check_outputs(options.outputs, inputs_of(options));
    ConsoleListener listener{console};
    const session::Loaded loaded = session::open(options.request, listener);
    tools::reject_inputs_as_outputs(options.outputs, loaded.files_read);

    const double loaded_at = tools::now_s();
    const session::RunPlan plan = session::plan_run(loaded, options.request.run);
    tools::RunOutputs outputs{options.outputs, loaded, plan};
    const session::ImageStats stats = session::measure(loaded.image);
    tools::TimeExplainer explainer;
    ProgressObserver progress{console, plan.steps};
    std::vector<session::RunObserver*> observers = outputs.observers();
    if (options.explain_time) observers.push_back(&explainer);
    observers.push_back(&progress);
    const session::RunResult result = session::run(loaded, plan, observers, listener);
    const double waited_s = tools::now_s() - loaded_at - result.run_s;

    const tools::RunOutcome outcome{loaded, stats, result, loaded.load_s + waited_s,
                                    outputs.empty_values()};
    outputs.commit(outcome);
    console.report(tools::losses_of(outcome));
    console.print(tools::run_summary(outcome));
    if (options.explain_time) console.print(explainer.report(loaded.image, loaded.chip));
    for (const std::string& output : options.outputs.given()) {
        console.print(fmt::format("wrote {}\n", output));
    }
    return tools::kOk;
}

constexpr const char* kBeforeNames =
    R"(Spikes and states are the same for every mapping, mesh and number of threads; spike_hash in the
)";
constexpr const char* kLineOfNames = "JSON summary is a fingerprint of them. --out writes";
constexpr const char* kAfterNames =
    R"(; they appear, complete, when
the run ends.

Examples:
  seamount run digits.yaml                          a dataset: every sample, then the accuracy
  seamount run digits.yaml --samples 20 --out DIR   twenty samples, with all records
  seamount run net.smi --steps 1000 --threads 2 --json r.json
  seamount run net.smi --steps 1000 --input clicks=clicks.csv
  seamount run net.smi --steps 1000 --chip my.yaml  the same image at other prices
  seamount run net.smi --steps 1000 --save-weights trained.smi
  seamount run trained.smi --steps 1000 --no-learning
  seamount run net.smi --steps 1000 --explain-time --set mesh.hop_ew_ns=2)";

/// The text below the options, with the names of all records.
std::string footer() {
    constexpr std::size_t kWidth = 100;
    std::string line = kLineOfNames;
    std::string lines;
    for (const std::string& name : tools::record_names()) {
        if (line.size() + 1 + name.size() > kWidth) {
            lines += line + '\n';
            line = name;
        } else {
            line += ' ' + name;
        }
    }
    return kBeforeNames + lines + line + kAfterNames;
}

/// What decides the run, and not where its results go.
void finish(Options& options) {
    session::RunRequest& request = options.request;
    request.mapping.default_mapping_seed = request.run.seed.value_or(1);
    request.run.learning = !options.no_learning;
}

std::vector<Option> length_options(session::RunSettings& run) {
    return {
        {.names = "--steps",
         .target = &run.steps,
         .help = "Time steps (default: the whole dataset)",
         .range = Range{1, std::uint64_t{1} << 40U}},
        {.names = "--samples",
         .target = &run.samples,
         .help = "Samples of the dataset (default: all)",
         .range = Range{1, 0xFFFFFFFFU},
         .excludes = "--steps"},
    };
}

std::vector<Option> run_options(Options& options) {
    session::RunSettings& run = options.request.run;
    return {
        {.names = "--seed",
         .target = &run.seed,
         .help = "Seed of run-time randomness (default: the network's)",
         .range = kSeeds},
        {.names = "--mapping-seed",
         .target = &options.request.mapping.mapping_seed,
         .help = "Seed of the mapping; never changes a spike (default: --seed, else 1)",
         .range = kSeeds},
        {"--mesh", choice(run.mesh, emu::kMeshFidelityNames, run.mesh), emu::kMeshHelp},
        {.names = "--threads",
         .target = &run.threads,
         .help = "Threads that update the cores",
         .range = Range{1, 256},
         .shows_default = true},
        {"--input", &options.request.inputs,
         "Spikes of a host input from a file: step,index[,payload] (.csv, .npy)", "NAME=FILE"},
        {"--no-learning", &options.no_learning,
         "Synapses keep their values, whatever the network says"},
    };
}

std::vector<Option> output_options(Options& options) {
    tools::OutputNames& names = options.outputs;
    return {
        {"--out", &names.folder, "Folder for the records of the run", "DIR"},
        {"--force", &names.force,
         "With --out: replace files of these names that no run wrote, or that were changed"},
        {"--save-weights", &names.weights,
         "What synapses learned: as an image that runs on with it, or as .npz", "FILE"},
        {"--json", &names.json, "Write the summary as JSON", "FILE"},
        {"--explain-time", &options.explain_time,
         "Print what bounded the run, and the ten longest steps with the reason"},
        {"--packet-trace", &names.packet_trace,
         "Write every packet (CSV), for seamount mesh --trace", "FILE"},
        {"--profile", &names.profile,
         "Write how often each neuron spiked (CSV), for seamount compile --profile", "FILE"},
    };
}

/// The long names of options, without dashes.
std::vector<std::string> names_of(const std::vector<Option>& options) {
    std::vector<std::string> names;
    for (const Option& option : options) {
        std::istringstream all{option.names};
        for (std::string name; std::getline(all, name, ',');) {
            if (name.starts_with("--")) names.push_back(name.substr(2));
        }
    }
    return names;
}

/// `run` with the options that decide it.
Command request_command(Options& options) {
    Command command{"run",
                    "Run an image, or compile a network and run it",
                    {{.names = "IMAGE|NETWORK",
                      .target = &options.request.file,
                      .help = "Image, or network (YAML)",
                      .value_name = "",
                      .required = true}}};
    for (const std::vector<Option>& part :
         {length_options(options.request.run), mapping_options(options.request.mapping),
          run_options(options)}) {
        command.options.insert(command.options.end(), part.begin(), part.end());
    }
    return command;
}

}  // namespace

Command run_command(tools::Console& console) {
    const auto options = std::make_shared<Options>();
    Command command = request_command(*options);
    command.footer = footer();
    for (const Option& option : output_options(*options)) command.options.push_back(option);
    command.options.push_back(quiet_option(console.quiet));
    command.run = [options, &console] {
        finish(*options);
        return run_file(*options, console);
    };
    return command;
}

RunReading read_run(const std::vector<std::string>& words) {
    Options options;
    const auto wrong = complaint(request_command(options), words);
    if (wrong) return {{}, wrong};
    finish(options);
    return {std::move(options.request), {}};
}

RunOptionNames run_option_names() {
    Options options;
    return {names_of(request_command(options).options), names_of(output_options(options))};
}

}  // namespace seamount::cli
