#include "tools/cli/options/run_options.hpp"

#include <fmt/core.h>

#include <charconv>

#include "emulator/mesh/grid/mesh_fidelity.hpp"
#include "isa/base/diagnostic.hpp"
#include "tools/cli/options/mapping_options.hpp"

namespace seamount::cli {
namespace {

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

/// 1 to kMostThreads, or kAutoThreads for its word; nothing for other words.
std::optional<std::uint32_t> threads_of(const std::string& text) {
    if (text == session::kAutoWord) return session::kAutoThreads;
    std::uint32_t threads = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, threads);
    const bool is_number = error == std::errc{} && stop == end && text.front() != '0';
    if (!is_number || threads > session::kMostThreads) return std::nullopt;
    return threads;
}

std::string wrong_threads(const std::string& text) {
    if (threads_of(text)) return {};
    if (text.size() > 1 && text.front() == '0') {
        return fmt::format("{} starts with 0; remove the leading zeros", text);
    }
    return fmt::format("Value {} not in range 1 to {}, and not {}", text, session::kMostThreads,
                       session::kAutoWord);
}

std::vector<Option> run_options(RunOptions& options) {
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
        {.names = "--untimed",
         .target = &run.untimed,
         .help = "Function only: spikes, states, weights and counts, without mesh, times and "
                 "energies",
         .excludes = "--mesh"},
        {.names = "--threads",
         .target = &options.threads,
         .help = "Threads that share the work of each step; auto: the processors, as far as the "
                 "network is large enough for them",
         .value_name = "UINT|auto",
         .check = wrong_threads,
         .shows_default = true},
        {"--host-class", choice(options.host_class, isa::kHostClassNames, isa::HostClass::kNone),
         "What beside the neurocores takes part in times and energies, instead of what the chip "
         "says"},
        {"--input", &options.request.inputs,
         "Spikes of a host input from a file: step,index[,payload] (.csv, .npy), or SONATA's (.h5)",
         "NAME=FILE"},
        {"--data", &options.request.data,
         "Other samples for a dataset input, FILE or FILE.npz:ARRAY (labels=FILE: their labels; "
         "classes=FILE: those of the readout's neurons), or spikes for another input",
         "NAME=FILE"},
        {"--probe", &options.request.probes,
         "Record more than the network says: 'POP[0:4].WORD every N from STEP to STEP when spike "
         "NAME', 'weights PROJECTION', 'core 3,7|all packets|queue'; needs --out",
         "PROBE"},
        {"--input-dt", &options.input_dt,
         "Milliseconds of a step, for inputs in .h5 (default: as an imported circuit has it)",
         "MS"},
        {"--no-learning", &options.no_learning,
         "Synapses keep their values, whatever the network says"},
    };
}

}  // namespace

std::vector<Option> deciding_options(RunOptions& options) {
    std::vector<Option> all;
    for (const std::vector<Option>& part :
         {length_options(options.request.run), mapping_options(options.request.mapping),
          optimise_options(options.request.mapping), run_options(options),
          import_options(options.import)}) {
        all.insert(all.end(), part.begin(), part.end());
    }
    return all;
}

std::vector<Option> state_options(RunOptions& options) {
    return {{"--load-state", &options.load_state,
             "Continue the run that wrote this: --steps are those that follow", "FILE"}};
}

std::vector<Option> output_options(RunOptions& options) {
    tools::OutputNames& names = options.outputs;
    return {
        {"--out", &names.folder, "Folder for the records of the run", "DIR"},
        {"--records", choice(names.records, tools::kRecordFormatNames, tools::RecordFormat::kCsv),
         "Files of --out (default: csv, and hdf5 from 10^7 lines on)"},
        {"--force", &names.force,
         "With --out: replace files of these names that no run wrote, or that were changed"},
        {"--watch", &options.watch, "With --out: serve the page of the run while it goes on"},
        {"--save-weights", &names.weights,
         "What synapses learned: as an image that runs on with it, or as .npz", "FILE"},
        {"--save-state", &names.state,
         "Write what the network holds after the last step, for --load-state", "FILE"},
        {"--json", &names.json, "Write the summary as JSON", "FILE"},
        {"--explain-time", &options.explain_time,
         "Print what bounded the run, and the ten longest steps with the reason"},
        {"--uncertainty", &options.uncertainty,
         "Say how uncertain times and energies are, from the grades of the prices"},
        {"--packet-trace", &names.packet_trace,
         "Write every packet (CSV), for seamount mesh --trace", "FILE"},
        {"--timeline", &names.timeline,
         "Write when stages, packets and barrier were at work: a trace for Perfetto and Chrome, or "
         "signals for GTKWave",
         "FILE.json|vcd"},
        {"--window", &options.window, "With --timeline: steps from FIRST to before END",
         "FIRST:END"},
        {"--profile", &names.profile,
         "Write how often each neuron spiked (CSV), for seamount compile --profile", "FILE"},
        {"--neurobench", &names.neurobench,
         "Write NeuroBench's metrics (JSON): footprint, sparsities, synaptic operations, membrane "
         "updates",
         "FILE"},
    };
}

void reject_times(const RunOptions& options) {
    if (!options.request.run.untimed) return;
    Diagnostics found;
    const auto reject = [&](bool given, const char* name, const char* what) {
        if (!given) return;
        found.error("CLI-UNTIMED", {options.request.file.string(), 0, 0},
                    fmt::format("{} beside --untimed, which models no {}", name, what),
                    "leave one of them out");
    };
    reject(options.explain_time, "--explain-time", "times");
    reject(options.uncertainty, "--uncertainty", "times and energies");
    reject(!options.outputs.packet_trace.empty(), "--packet-trace", "mesh");
    reject(options.host_class.has_value(), "--host-class", "times and energies");
    found.throw_if_errors();
}

void reject_on_ranks(const RunOptions& options) {
    Diagnostics found;
    const auto reject = [&](bool given, const char* name, const char* why) {
        if (!given) return;
        found.error("RUN-RANKS", {options.request.file.string(), 0, 0},
                    fmt::format("{} under mpirun: {}", name, why),
                    "run it without mpirun, or leave the option out");
    };
    reject(!options.host.command.empty(), "--host", "a program can play the host of one process");
    reject(!options.load_state.empty(), "--load-state", "several ranks cannot take up a state");
    reject(!options.outputs.state.empty(), "--save-state", "several ranks cannot save a state");
    found.throw_if_errors();
}

void finish(RunOptions& options) {
    session::RunRequest& request = options.request;
    request.mapping.default_mapping_seed = request.run.seed.value_or(1);
    request.run.learning = !options.no_learning;
    request.run.threads = threads_of(options.threads).value_or(1);
    request.import = options.import.given();
    if (options.host_class) {
        request.mapping.assignments.push_back(
            fmt::format("host.class={}", name_of(isa::kHostClassNames, *options.host_class)));
    }
    if (!options.window.empty()) {
        if (options.outputs.timeline.empty()) {
            bad_input("CLI-TIMELINE", "--window", "there is no --timeline that it could limit");
        }
        options.outputs.window = tools::parse_window("--window", options.window);
    }
    if (options.watch && options.outputs.folder.empty()) {
        bad_input("CLI-USAGE", "--watch", "there is no --out for what it shows");
    }
    if (!request.probes.empty() && options.outputs.folder.empty()) {
        bad_input("CLI-PROBE", "--probe", "there is no --out for what it reads");
    }
    if (!options.input_dt.empty()) {
        request.input_dt_ms = positive_number("--input-dt", options.input_dt);
    }
}

}  // namespace seamount::cli
