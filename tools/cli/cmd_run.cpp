#include <fmt/core.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "isa/base/output_file.hpp"
#include "tools/cli/commands.hpp"
#include "tools/cli/console_listener.hpp"
#include "tools/cli/options/mapping_options.hpp"
#include "tools/run/explain.hpp"
#include "tools/run/population_rates.hpp"
#include "tools/run/records/run_folder.hpp"
#include "tools/run/run_outputs.hpp"
#include "tools/run/run_summary.hpp"
#include "tools/session/bind_inputs.hpp"
#include "tools/session/run.hpp"

namespace seamount::cli {
namespace {

struct Options {
    std::string file;
    std::vector<std::string> inputs;  ///< NAME=FILE
    session::CompileSettings mapping;
    session::RunSettings run;
    bool no_learning = false;
    bool explain_time = false;
    tools::OutputNames outputs;
};

/// All files that the options name as inputs.
std::vector<std::filesystem::path> inputs_of(const Options& options) {
    std::vector<std::filesystem::path> inputs = session::input_files(options.file, options.mapping);
    for (const std::string& assignment : options.inputs) {
        const std::size_t equals = assignment.find('=');
        if (equals != std::string::npos) inputs.emplace_back(assignment.substr(equals + 1));
    }
    return inputs;
}

/// What an interrupted run leaves, in words.
std::string leaves(const tools::OutputNames& outputs) {
    if (outputs.given().empty()) return "nothing was to be written";
    std::error_code ignored;
    const std::filesystem::path folder{outputs.folder};
    const bool has_earlier =
        !outputs.folder.empty() && std::filesystem::exists(folder / tools::kSummaryFile, ignored);
    return "its records would have been put in place at its end, so none are there" +
           (has_earlier ? fmt::format("; {} holds those of an earlier run", outputs.folder)
                        : std::string{});
}

int run_file(const Options& options, const tools::Console& console, std::string* summary) {
    tools::check_outputs(options.outputs, inputs_of(options));
    ConsoleListener listener{console};
    session::Loaded loaded = session::open(options.file, options.mapping, listener);
    tools::reject_inputs_as_outputs(options.outputs, loaded.files_read);
    session::bind_inputs(options.inputs, loaded.image, options.mapping.max_input);

    const double loaded_at = tools::now_s();
    const session::RunPlan plan = session::plan_run(loaded, options.run);
    tools::RunOutputs outputs{options.outputs, loaded, plan};
    const session::ImageStats stats = session::measure(loaded.image);
    tools::TimeExplainer explainer;
    tools::PopulationRates rates{loaded.image};
    ProgressObserver progress{console, plan.steps, loaded.image.network, leaves(options.outputs)};
    std::vector<session::RunObserver*> observers = outputs.observers();
    observers.push_back(&rates);
    if (options.explain_time) observers.push_back(&explainer);
    observers.push_back(&progress);
    const session::RunResult result = session::run(loaded, plan, observers, listener);
    const double waited_s = tools::now_s() - loaded_at - result.run_s;

    const tools::RunOutcome outcome{loaded, stats, result, loaded.load_s + waited_s,
                                    outputs.empty_values()};
    outputs.commit(outcome);
    if (summary != nullptr) *summary = tools::run_summary_json(outcome);
    console.report(tools::losses_of(outcome));
    console.print(tools::run_summary(outcome, rates.rows()));
    if (options.explain_time) console.print(explainer.report(loaded.image, loaded.chip));
    for (const std::string& output : options.outputs.given()) {
        if (!is_standard_stream(output)) console.print(fmt::format("wrote {}\n", output));
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
    return {
        {.names = "--seed",
         .target = &options.run.seed,
         .help = "Seed of run-time randomness (default: the network's)",
         .range = kSeeds},
        {.names = "--mapping-seed",
         .target = &options.mapping.mapping_seed,
         .help = "Seed of the mapping; never changes a spike (default: --seed, else 1)",
         .range = kSeeds},
        {"--mesh", choice(options.run.mesh, emu::kMeshFidelityNames, options.run.mesh),
         emu::kMeshHelp},
        {.names = "--threads",
         .target = &options.run.threads,
         .help = "Threads that update the cores",
         .range = Range{1, 256},
         .shows_default = true},
        {"--input", &options.inputs,
         "Spikes of a host input from a file: step,index[,payload] (.csv, .npy)", "NAME=FILE"},
    };
}

std::vector<Option> output_options(Options& options) {
    tools::OutputNames& names = options.outputs;
    return {
        {"--out", &names.folder, "Folder for the records of the run", "DIR"},
        {"--force", &names.force,
         "With --out: replace files of these names that no run wrote, or that were changed"},
        {"--no-learning", &options.no_learning,
         "Synapses keep their values, whatever the network says"},
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

}  // namespace

Command run_command(tools::Console& console, std::string* summary) {
    const auto options = std::make_shared<Options>();
    Command command{"run",
                    "Run an image, or compile a network and run it",
                    {{.names = "IMAGE|NETWORK",
                      .target = &options->file,
                      .help = "Image, or network (YAML)",
                      .value_name = "",
                      .required = true}},
                    footer()};
    for (const std::vector<Option>& part :
         {length_options(options->run), mapping_options(options->mapping), run_options(*options),
          output_options(*options)}) {
        command.options.insert(command.options.end(), part.begin(), part.end());
    }
    command.options.push_back(quiet_option(console.quiet));
    command.run = [options, &console, summary] {
        options->mapping.default_mapping_seed = options->run.seed.value_or(1);
        options->run.learning = !options->no_learning;
        return run_file(*options, console, summary);
    };
    return command;
}

}  // namespace seamount::cli
