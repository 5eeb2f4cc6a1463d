#include <fmt/core.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "isa/base/output_file.hpp"
#include "isa/image/image_hash.hpp"
#include "tools/base/heap.hpp"
#include "tools/cli/commands.hpp"
#include "tools/cli/options/console_listener.hpp"
#include "tools/cli/options/host_options.hpp"
#include "tools/cli/options/parser.hpp"
#include "tools/cli/options/run_options.hpp"
#include "tools/run/explain.hpp"
#include "tools/run/population_rates.hpp"
#include "tools/run/records/run_folder.hpp"
#include "tools/run/run_outputs.hpp"
#include "tools/run/run_summary.hpp"
#include "tools/session/optimise/optimise.hpp"
#include "tools/session/ranks/refusals.hpp"
#include "tools/session/ranks/team.hpp"
#include "tools/session/request.hpp"
#include "tools/session/state.hpp"
#include "tools/session/systemc/run.hpp"
#include "tools/watch/spawn.hpp"

namespace seamount::cli {
namespace {

/// All files that the options name as inputs.
std::vector<std::filesystem::path> inputs_of(const RunOptions& options) {
    const session::RunRequest& request = options.request;
    std::vector<std::filesystem::path> inputs = session::input_files(request.file, request.mapping);
    for (const std::string& assignment : request.inputs) {
        const std::size_t equals = assignment.find('=');
        if (equals != std::string::npos) inputs.emplace_back(assignment.substr(equals + 1));
    }
    if (!options.load_state.empty()) inputs.emplace_back(options.load_state);
    return inputs;
}

/// The state that a run continues from.
std::optional<session::State> state_for(const RunOptions& options, session::Loaded& loaded) {
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
    if (outputs.folder.empty()) {
        return "its files would have been put in place at its end, so none are there";
    }
    return fmt::format("{} holds its records so far", (folder / tools::kPartialFolder).string()) +
           (has_earlier ? fmt::format("; {} those of an earlier run", outputs.folder)
                        : std::string{});
}

/// The host drives each step of the run.
void attach(session::RunHooks& hooks, session::HostLink& host) {
    hooks.before_step = [&host](emu::Machine& machine) { host.before_step(machine); };
    hooks.on_computed = [&host](const emu::Machine& machine, const emu::StepActivity& activity,
                                bool last) { host.on_computed(machine, activity, last); };
}

void tell_files(const RunOptions& options, const tools::RunOutputs& outputs,
                const tools::Console& console) {
    for (const std::string& note : outputs.notes()) console.print(note + '\n');
    for (const std::string& output : options.outputs.given()) {
        if (!is_standard_stream(output)) console.print(fmt::format("wrote {}\n", output));
    }
}

/// What rank 0 reads of the cores of others.
session::TeamWishes wishes_of(const RunOptions& options, const isa::Image& image) {
    session::TeamWishes wishes;
    wishes.watched = session::watched_by_readout(image);
    if (!options.outputs.folder.empty()) {
        const std::vector<NeuronId> probed = session::watched_by_probes(image);
        wishes.watched.insert(wishes.watched.end(), probed.begin(), probed.end());
    }
    // Counts the membranes that move.
    if (!options.outputs.neurobench.empty()) wishes.watched = session::all_neurons(image);
    wishes.store_learned = !options.outputs.weights.empty();
    return wishes;
}

/// What is kept of a run that ranks share.
struct Shared {
    std::optional<session::Team> team;
    std::vector<isa::CoreAmounts> amounts;  ///< of each core
};

/// Hands out the image, which then is not whole any more, and begins the run.
void share(const RunOptions& options, const session::RunPlan& plan, session::Listener& listener,
           emu::Ranks& ranks, session::Loaded& loaded, Shared& shared) {
    const session::Phase phase{listener, fmt::format("handing out to {} ranks", ranks.size())};
    const bool has_summary = !options.outputs.json.empty() || !options.outputs.folder.empty();
    if (has_summary) loaded.image_hash = isa::image_hash(loaded.image);
    for (const isa::CoreImage& core : loaded.image.cores) {
        shared.amounts.push_back(session::core_amounts(core, loaded.image));
    }
    session::TeamWishes wishes = wishes_of(options, loaded.image);
    shared.team.emplace(ranks, loaded);
    shared.team->begin(plan, std::move(wishes));
}

/// Throws InputError for a network that several ranks do not run.
void reject_network(const RunOptions& options, const isa::Image& image) {
    Diagnostics found;
    session::find_refusals(image, !options.outputs.folder.empty(), found);
    found.throw_if_errors();
}

/// Calls `run`; an error in the middle of it says what records are left.
template <class Run>
session::RunResult telling_what_is_left(const RunOptions& options, const ProgressObserver& progress,
                                        const Run& run) {
    try {
        return run();
    } catch (const InputError&) {
        if (progress.has_steps() && !options.outputs.folder.empty()) {
            tools::tell(fmt::format("ended by an error: {}\n", leaves(options.outputs)));
        }
        throw;
    }
}

/// `ranks`: others that share the run; null: there are none.
int run_file(const RunOptions& options, const tools::Console& console, emu::Ranks* ranks) {
    if (ranks != nullptr) reject_on_ranks(options);
    tools::check_outputs(options.outputs, inputs_of(options));
    ConsoleListener listener{console};
    session::Loaded loaded = session::open_best(options.request, listener);
    tools::reject_inputs_as_outputs(options.outputs, loaded.files_read);
    if (ranks != nullptr) reject_network(options, loaded.image);
    tools::return_large_memory();

    const double loaded_at = tools::now_s();
    const std::optional<session::State> state = state_for(options, loaded);
    const session::RunSettings& run = options.request.run;
    const session::RunPlan plan =
        state ? session::plan_run(loaded, run, *state) : session::plan_run(loaded, run);
    tools::RunOutputs outputs{options.outputs, loaded, plan};
    std::optional<watch::Companion> companion;
    if (options.watch) companion.emplace(options.outputs.folder);
    const session::ImageStats stats = session::measure(loaded.image);
    tools::TimeExplainer explainer;
    tools::PopulationRates rates{loaded.image};
    tools::PopulationEnergies energies{loaded.image, loaded.chip};
    ProgressObserver progress{console, plan.steps, loaded.image.network, leaves(options.outputs)};
    std::vector<session::RunObserver*> observers = outputs.observers();
    observers.push_back(&rates);
    observers.push_back(&energies);
    // The summary says that a chip without prices has no times.
    const bool explain = options.explain_time && loaded.chip.priced();
    if (explain) observers.push_back(&explainer);
    observers.push_back(&progress);
    session::RunHooks hooks;
    hooks.resume = state ? &*state : nullptr;
    hooks.keep_state = !options.outputs.state.empty();
    hooks.wave = outputs.wave();
    std::optional<session::HostLink> host;
    if (!options.host.command.empty()) attach(hooks, host.emplace(loaded.image, options.host));
    Shared shared;
    if (ranks != nullptr) share(options, plan, listener, *ranks, loaded, shared);
    hooks.team = shared.team ? &*shared.team : nullptr;
    const session::RunResult result = telling_what_is_left(
        options, progress, [&] { return session::run(loaded, plan, observers, listener, hooks); });
    const std::uint64_t peak_rss_bytes = shared.team ? shared.team->end() : 0;
    const double waited_s = tools::now_s() - loaded_at - result.run_s;

    const tools::RunOutcome outcome{loaded,
                                    stats,
                                    result,
                                    loaded.load_s + waited_s,
                                    outputs.empty_values(),
                                    options.uncertainty,
                                    {},
                                    host.has_value(),
                                    &energies,
                                    ranks != nullptr ? ranks->size() : 1,
                                    ranks != nullptr ? &shared.amounts : nullptr,
                                    peak_rss_bytes};
    outputs.commit(outcome);
    console.report(tools::losses_of(outcome));
    console.print(tools::run_summary(outcome, rates.rows(tools::joules_by_population(outcome))));
    if (explain) console.print(explainer.report(loaded.image, loaded.chip));
    tell_files(options, outputs, console);
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
  seamount run net.smi --steps 1000 --untimed       which spikes, without when and for how much
  seamount run net.smi --steps 1000 --input clicks=clicks.csv
  seamount run net.smi --steps 1000 --chip my.yaml  the same image at other prices
  seamount run net.smi --steps 1000 --save-weights trained.smi
  seamount run trained.smi --steps 1000 --no-learning
  seamount run trained.smi --no-learning --data image=test.npz
  seamount run net.smi --steps 500 --save-state s; seamount run net.smi --steps 500 --load-state s
  seamount run net.smi --steps 1000 --out DIR --probe 'hidden[0:4].v every 10 when spike out'
  seamount run net.smi --steps 1000 --host ./world.py --host-states out.v
  seamount run net.smi --steps 1000 --timeline t.json --window 200:220
  seamount run net.smi --steps 1000 --explain-time --set mesh.hop_ew_ns=2
  mpirun -n 2 seamount run net.smi --steps 1000 --untimed     one network over two ranks)";

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
Command request_command(RunOptions& options) {
    Command command{
        "run",
        "Run an image, or compile a network and run it",
        {{.names = "IMAGE|NETWORK",
          .target = &options.request.file,
          .help = "Image, network (YAML), or network of another tool (see seamount import)",
          .value_name = "",
          .required = true}}};
    const std::vector<Option> options_of = deciding_options(options);
    command.options.insert(command.options.end(), options_of.begin(), options_of.end());
    return command;
}

Command run_command(tools::Console& console, emu::Ranks* ranks) {
    const auto options = std::make_shared<RunOptions>();
    Command command = request_command(*options);
    command.footer = footer();
    for (const std::vector<Option>& part :
         {state_options(*options), host_options(options->host), output_options(*options)}) {
        command.options.insert(command.options.end(), part.begin(), part.end());
    }
    command.options.push_back(quiet_option(console.quiet));
    command.run = [options, &console, ranks] {
        reject_times(*options);
        finish(*options);
        return run_file(*options, console, ranks);
    };
    return command;
}

}  // namespace

Command run_command(tools::Console& console) {
    return run_command(console, nullptr);
}

Command run_command(tools::Console& console, emu::Ranks& ranks) {
    return run_command(console, &ranks);
}

RunReading read_run(const std::vector<std::string>& words) {
    RunOptions options;
    const auto wrong = complaint(request_command(options), words);
    if (wrong) return {{}, wrong};
    finish(options);
    return {std::move(options.request), {}};
}

RunOptionNames run_option_names() {
    RunOptions options;
    return {names_of(request_command(options).options), names_of(output_options(options))};
}

}  // namespace seamount::cli
