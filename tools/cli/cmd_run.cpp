#include <fmt/core.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "isa/base/output_file.hpp"
#include "tools/cli/commands.hpp"
#include "tools/cli/console_listener.hpp"
#include "tools/cli/options/import_words.hpp"
#include "tools/cli/options/mapping_options.hpp"
#include "tools/run/explain.hpp"
#include "tools/run/population_rates.hpp"
#include "tools/run/records/run_folder.hpp"
#include "tools/run/run_outputs.hpp"
#include "tools/run/run_summary.hpp"
#include "tools/session/bind_inputs.hpp"
#include "tools/session/host/host_link.hpp"
#include "tools/session/state.hpp"
#include "tools/session/systemc/run.hpp"

namespace seamount::cli {
namespace {

struct Options {
    std::string file;
    std::vector<std::string> inputs;  ///< NAME=FILE
    session::CompileSettings mapping;
    session::RunSettings run;
    ImportWords import;
    std::string input_dt;  ///< milliseconds of a step
    bool no_learning = false;
    bool explain_time = false;
    std::string load_state;
    session::HostLink::Params host;
    tools::OutputNames outputs;
};

/// All files that the options name as inputs.
std::vector<std::filesystem::path> inputs_of(const Options& options) {
    std::vector<std::filesystem::path> inputs = session::input_files(options.file, options.mapping);
    for (const std::string& assignment : options.inputs) {
        const std::size_t equals = assignment.find('=');
        if (equals != std::string::npos) inputs.emplace_back(assignment.substr(equals + 1));
    }
    if (!options.load_state.empty()) inputs.emplace_back(options.load_state);
    return inputs;
}

/// --input-dt, if it is given.
std::optional<double> input_dt_of(const Options& options) {
    if (options.input_dt.empty()) return std::nullopt;
    return positive_number("--input-dt", options.input_dt);
}

/// The state that a run continues from.
std::optional<session::State> state_for(const Options& options, session::Loaded& loaded) {
    if (options.load_state.empty()) return std::nullopt;
    session::State state = session::load_state(options.load_state);
    session::check_state(state, loaded.image, options.load_state);
    loaded.files_read.emplace_back(options.load_state);
    return state;
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
    session::CompileSettings settings = options.mapping;
    settings.import = options.import.read();
    const std::optional<double> input_dt = input_dt_of(options);
    session::Loaded loaded = session::open(options.file, settings, listener);
    tools::reject_inputs_as_outputs(options.outputs, loaded.files_read);
    const std::optional<double> dt_ms = input_dt ? input_dt : loaded.dt_ms;
    for (const Diagnostic& warning :
         session::bind_inputs(options.inputs, loaded.image, dt_ms, options.mapping.max_input)) {
        listener.warning(warning);
    }

    const double loaded_at = tools::now_s();
    const std::optional<session::State> state = state_for(options, loaded);
    const session::RunPlan plan = state ? session::plan_run(loaded, options.run, *state)
                                        : session::plan_run(loaded, options.run);
    tools::RunOutputs outputs{options.outputs, loaded, plan};
    const session::ImageStats stats = session::measure(loaded.image);
    tools::TimeExplainer explainer;
    tools::PopulationRates rates{loaded.image};
    ProgressObserver progress{console, plan.steps, loaded.image.network, leaves(options.outputs)};
    std::vector<session::RunObserver*> observers = outputs.observers();
    observers.push_back(&rates);
    // The summary says that a chip without prices has no times.
    const bool explain = options.explain_time && loaded.chip.priced();
    if (explain) observers.push_back(&explainer);
    observers.push_back(&progress);
    session::RunHooks hooks;
    hooks.resume = state ? &*state : nullptr;
    hooks.keep_state = !options.outputs.state.empty();
    std::optional<session::HostLink> host;
    if (!options.host.command.empty()) {
        host.emplace(loaded.image, options.host);
        observers.push_back(&*host);
        hooks.before_step = [&host](emu::Machine& machine) { host->before_step(machine); };
    }
    const session::RunResult result = session::run(loaded, plan, observers, listener, hooks);
    const double waited_s = tools::now_s() - loaded_at - result.run_s;

    const tools::RunOutcome outcome{loaded, stats, result, loaded.load_s + waited_s,
                                    outputs.empty_values()};
    outputs.commit(outcome);
    if (summary != nullptr) *summary = tools::run_summary_json(outcome);
    console.report(tools::losses_of(outcome));
    console.print(tools::run_summary(outcome, rates.rows()));
    if (explain) console.print(explainer.report(loaded.image, loaded.chip));
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
  seamount run net.smi --steps 500 --save-state s; seamount run net.smi --steps 500 --load-state s
  seamount run net.smi --steps 1000 --host ./world.py --host-states out.v
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
         "Spikes of a host input from a file: step,index[,payload] (.csv, .npy), or SONATA's (.h5)",
         "NAME=FILE"},
        {"--input-dt", &options.input_dt,
         "Milliseconds of a step, for inputs in .h5 (default: as an imported circuit has it)",
         "MS"},
        {"--load-state", &options.load_state,
         "Continue the run that wrote this: --steps are those that follow", "FILE"},
    };
}

std::vector<Option> host_options(session::HostLink::Params& host) {
    return {
        {"--host", &host.command,
         "A program that plays the host: it is told spikes and states as lines of JSON, and "
         "answers "
         "with spikes, writes and rewards",
         "CMD"},
        {.names = "--host-every",
         .target = &host.every,
         .help = "Steps of an exchange with the host",
         .range = Range{1, 1'000'000},
         .shows_default = true},
        {"--host-spikes", &host.spikes, "Populations whose spikes the host is told (default: all)",
         "POPULATION"},
        {"--host-states", &host.states, "States that the host is told", "POPULATION.STATE"},
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
        {"--save-state", &names.state,
         "Write what the network holds after the last step, for --load-state", "FILE"},
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
    Command command{
        "run",
        "Run an image, or compile a network and run it",
        {{.names = "IMAGE|NETWORK",
          .target = &options->file,
          .help = "Image, network (YAML), or network of another tool (see seamount import)",
          .value_name = "",
          .required = true}},
        footer()};
    for (const std::vector<Option>& part :
         {length_options(options->run), mapping_options(options->mapping), run_options(*options),
          host_options(options->host), output_options(*options), import_options(options->import)}) {
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
