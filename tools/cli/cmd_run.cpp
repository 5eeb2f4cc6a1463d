#include <fmt/core.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "isa/base/output_file.hpp"
#include "isa/base/text.hpp"
#include "tools/base/progress.hpp"
#include "tools/cli/commands.hpp"
#include "tools/cli/options.hpp"
#include "tools/inspect/compile_summary.hpp"
#include "tools/run/packet_trace.hpp"
#include "tools/run/run_summary.hpp"
#include "tools/run/saved_weights.hpp"
#include "tools/run/spike_profile.hpp"
#include "tools/session/bind_inputs.hpp"

namespace seamount::cli {
namespace {

struct Options {
    std::string file;
    std::vector<std::string> inputs;  ///< --input
    session::MappingOptions mapping;
    std::optional<std::uint64_t> seed;
    std::optional<std::uint64_t> steps;
    std::optional<std::uint32_t> samples;
    std::string mesh = "packet";
    std::uint32_t threads = 1;
    std::string out;
    std::string json;
    bool explain_time = false;
    std::string packet_trace;
    std::string profile;
    bool no_learning = false;
    std::string weights;  ///< --save-weights
};

std::uint64_t steps_without_dataset(const Options& options) {
    if (options.samples) {
        bad_input("CLI-SAMPLES", options.file,
                  "--samples needs a dataset, which the network has not", "give --steps N");
    }
    if (!options.steps) {
        bad_input("CLI-STEPS", options.file, "the network has no dataset that says how long to run",
                  "give --steps N");
    }
    return *options.steps;
}

/// Length of the run: --steps, --samples, or the whole dataset.
std::uint64_t steps_of(const Options& options, const isa::DatasetImage& dataset) {
    if (dataset.samples == 0) return steps_without_dataset(options);
    const std::uint64_t all = std::uint64_t{dataset.samples} * dataset.steps_per_sample;
    if (options.samples) {
        if (*options.samples > dataset.samples) {
            bad_input("CLI-SAMPLES", options.file,
                      fmt::format("--samples is {}, must be in [1, {}]", *options.samples,
                                  dataset.samples),
                      "without --samples the whole dataset runs");
        }
        return std::uint64_t{*options.samples} * dataset.steps_per_sample;
    }
    const std::uint64_t steps = options.steps.value_or(all);
    if (steps > all) {
        bad_input("CLI-STEPS", options.file,
                  fmt::format("--steps is {}, the dataset ends after {} steps ({} samples of {})",
                              steps, all, dataset.samples, dataset.steps_per_sample),
                  "without --steps the whole dataset runs");
    }
    return steps;
}

emu::Simulation::Params params_of(const Options& options, const isa::Image& image) {
    emu::Simulation::Params params;
    params.steps = steps_of(options, image.dataset);
    params.mesh = options.mesh == "flit"    ? emu::MeshFidelity::kFlit
                  : options.mesh == "ideal" ? emu::MeshFidelity::kIdeal
                                            : emu::MeshFidelity::kPacket;
    params.observe_queues = !options.out.empty() || options.explain_time;
    params.machine.threads = options.threads;
    params.machine.seed = options.seed.value_or(image.seed);
    params.machine.learning = !options.no_learning;
    return params;
}

/// What was lost or cut off on the way is said, never silent.
void warn_of_losses(const tools::Console& console, const tools::RunOutcome& outcome,
                    const std::string& file) {
    const SourceLocation where{file, 0, 0};
    if (outcome.loaded.report) {
        for (const std::string& loss : tools::truncation_losses(*outcome.loaded.report)) {
            console.warn("RUN-PRECISION", where, loss);
        }
    }
    if (const std::uint64_t dropped = outcome.recorder.run().dropped_pushes; dropped != 0) {
        console.warn("RUN-DROPPED", where,
                     fmt::format("{} PSH of the microcode went beyond their core and were dropped",
                                 grouped(dropped)),
                     "keep the compartments that pass values to each other in one core");
    }
    if (const std::uint64_t overflows = outcome.recorder.run().overflows; overflows != 0) {
        console.warn(
            "RUN-OVERFLOW", where,
            fmt::format("{} {} of the microcode did not fit the width that the instruction names "
                        "(.w22, .w24, .sat, ...), wrapped or saturated as on the chip",
                        grouped(overflows), overflows == 1 ? "result" : "results"),
            "smaller weights or exponents, or more decay; overflows in cores.csv says where");
    }
    if (const std::uint64_t wide = outcome.totals.wide_packets; wide != 0) {
        console.warn("RUN-PAYLOAD", where,
                     fmt::format("{} {} a payload beyond the width that the network declares and "
                                 "took the flits that it needs",
                                 grouped(wide), wide == 1 ? "packet has" : "packets have"),
                     "a larger 'payload_bits' of the projection, or smaller payloads");
    }
    if (const std::uint64_t failed = outcome.recorder.failed_views(); failed != 0) {
        console.warn("RUN-VIEW", where,
                     fmt::format("{} values of probed views divided by zero or overflowed; they "
                                 "are empty in potentials.csv",
                                 grouped(failed)));
    }
    const isa::DatasetImage& dataset = outcome.loaded.image.dataset;
    if (dataset.samples != 0 && outcome.totals.steps % dataset.steps_per_sample != 0) {
        console.warn(
            "RUN-PARTIAL", where,
            fmt::format("the last sample was cut off after {} of its {} steps and is not "
                        "scored",
                        outcome.totals.steps % dataset.steps_per_sample, dataset.steps_per_sample));
    }
}

/// The files that were asked for, opened before the run so that a bad path costs nothing.
struct Outputs {
    std::optional<tools::RunFiles> files;
    std::optional<OutputFile> summary;
    std::optional<OutputFile> json;
    std::optional<tools::PacketTraceFile> packet_trace;
    std::optional<tools::SpikeProfile> profile;
    std::optional<OutputFile> weights;

    Outputs(const Options& options, const session::Loaded& loaded) {
        bool json_is_summary = false;
        if (!options.out.empty()) {
            const std::filesystem::path folder = options.out;
            files.emplace(folder, loaded.image, loaded.chip);
            summary.emplace(folder / "summary.json");
            json_is_summary = same_output(options.json, folder / "summary.json");
        }
        if (!options.json.empty() && !json_is_summary) json.emplace(options.json);
        if (!options.packet_trace.empty()) {
            packet_trace.emplace(options.packet_trace, loaded.chip);
        }
        if (!options.profile.empty()) profile.emplace(options.profile, loaded.image);
        if (!options.weights.empty()) weights.emplace(options.weights);
    }

    /// `learned` is the image of --save-weights.
    void commit(const tools::RunOutcome& outcome, const std::optional<isa::Image>& learned,
                const std::string& weights_name) {
        if (files) files->commit();
        if (packet_trace) packet_trace->commit();
        if (profile) profile->commit();
        if (weights && learned) {
            weights->write(tools::saved_weights(*learned, weights_name));
            weights->commit();
        }
        if (!summary && !json) return;
        const std::string text = tools::run_summary_json(outcome);
        for (std::optional<OutputFile>* file : {&summary, &json}) {
            if (!*file) continue;
            (*file)->write(text);
            (*file)->commit();
        }
    }
};

/// The outputs that were given a name of their own.
std::vector<std::filesystem::path> named_outputs(const Options& options) {
    std::vector<std::filesystem::path> names;
    for (const std::string& name :
         {options.json, options.packet_trace, options.profile, options.weights}) {
        if (!name.empty()) names.emplace_back(name);
    }
    return names;
}

/// Every output has a place of its own; only --json may be the summary.json of --out.
void reject_equal_outputs(const Options& options) {
    const std::vector<std::filesystem::path> names = named_outputs(options);
    for (std::size_t i = 0; i < names.size(); ++i) {
        for (std::size_t other = 0; other < i; ++other) {
            if (same_output(names[i], names[other])) two_outputs(names[i]);
        }
        const std::filesystem::path record = names[i].filename();
        const bool may_be_it = record == "summary.json" && names[i] == options.json;
        if (options.out.empty() || may_be_it || !tools::is_record_name(record)) continue;
        if (same_output(names[i], std::filesystem::path{options.out} / record))
            two_outputs(names[i]);
    }
}

/// Neither a named output nor a record in the folder of --out may replace what the run reads.
void reject_inputs_as_outputs(const Options& options) {
    std::vector<std::filesystem::path> inputs = session::input_files(options.file, options.mapping);
    for (const std::string& assignment : options.inputs) {
        const std::size_t equals = assignment.find('=');
        if (equals != std::string::npos) inputs.emplace_back(assignment.substr(equals + 1));
    }
    for (const std::filesystem::path& output : named_outputs(options)) {
        reject_input_as_output(output, inputs);
    }
    if (options.out.empty()) return;
    for (const std::filesystem::path& input : inputs) {
        const std::filesystem::path name = input.filename();
        if (!tools::is_record_name(name)) continue;
        reject_input_as_output(std::filesystem::path{options.out} / name, {input});
    }
}

/// --save-weights needs synapses that learn.
void reject_unlearned(const Options& options, const isa::Image& image) {
    if (options.weights.empty() || !image.learning.projections.empty()) return;
    bad_input("CLI-WEIGHTS", options.file, "--save-weights, but no projection learns",
              "give a projection 'learning: RULE'");
}

int run_file(const Options& options, const Session& session) {
    const tools::Console& console = session.console;
    reject_inputs_as_outputs(options);
    reject_equal_outputs(options);
    session::Loaded loaded = session::load_or_compile(options.file, options.mapping, console);
    console.report(loaded.warnings);
    session::bind_inputs(options.inputs, loaded.image);
    const double loaded_at = tools::now_s();
    emu::Simulation::Params params = params_of(options, loaded.image);
    const std::uint64_t seed = params.machine.seed;
    reject_unlearned(options, loaded.image);
    const session::ImageStats stats = session::measure(loaded.image);
    Outputs outputs{options, loaded};
    tools::RunRecorder recorder{loaded.image, outputs.files ? &*outputs.files : nullptr};
    tools::Progress progress{console, params.steps};
    const std::uint64_t last_step = params.steps - 1;
    std::optional<isa::Image> learned;
    params.on_step = [&](const emu::StepReport& report) {
        recorder.on_step(report);
        if (outputs.profile) outputs.profile->add(report.activity);
        if (!options.weights.empty() && report.activity.step == last_step) {
            learned = loaded.image;
            report.machine.store_learned(*learned);
        }
        progress.update(recorder.run().steps);
    };
    if (outputs.packet_trace) {
        params.on_packets = [&](Picoseconds started, std::span<const emu::MeshPacket> packets) {
            outputs.packet_trace->add(started, packets);
        };
    }
    auto phase = std::make_optional<tools::PhaseLine>(console, "building the chip");
    emu::Simulation simulation{loaded.image, loaded.chip, std::move(params)};
    phase.reset();
    const double started = tools::now_s();
    const emu::RunTotals totals = simulation.run();
    progress.finish();
    recorder.finish(totals);
    const tools::RunOutcome outcome{loaded,
                                    stats,
                                    recorder,
                                    totals,
                                    options.mesh,
                                    options.threads,
                                    seed,
                                    loaded.load_s + (started - loaded_at),
                                    tools::now_s() - started};
    outputs.commit(outcome, learned, options.weights);
    if (session.summary != nullptr) *session.summary = tools::run_summary_json(outcome);
    warn_of_losses(console, outcome, options.file);
    console.print(tools::run_summary(outcome));
    if (options.explain_time) {
        console.print(recorder.explainer().report(loaded.image, loaded.chip));
    }
    for (const std::string& output :
         {options.out, options.json, options.packet_trace, options.profile, options.weights}) {
        if (!output.empty()) console.print(fmt::format("wrote {}\n", output));
    }
    return tools::kOk;
}

constexpr const char* kFooter =
    R"(Spikes and states are the same for every mapping, mesh and number of threads; spike_hash in the
JSON summary is a fingerprint of them. --out writes spikes.csv potentials.csv perf.csv cores.csv
stages.csv links.csv samples.csv weights.csv histograms.csv summary.json; they appear, complete, when
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

}  // namespace

void add_run(CLI::App& app, Session& session) {
    auto options = std::make_shared<Options>();
    CLI::App* command = app.add_subcommand("run", "Run an image, or compile a network and run it");
    command->add_option("IMAGE|NETWORK", options->file, "Image, or network (YAML)")
        ->required()
        ->type_name("");
    auto* steps =
        command->add_option("--steps", options->steps, "Time steps (default: the whole dataset)");
    steps->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1} << 40U).description(""));
    command->add_option("--samples", options->samples, "Samples of the dataset (default: all)")
        ->check(CLI::Range(1U, 0xFFFFFFFFU).description(""))
        ->excludes(steps);
    add_mapping_options(*command, options->mapping);
    command
        ->add_option("--seed", options->seed,
                     "Seed of run-time randomness (default: the network's)")
        ->check(seed_range());
    command
        ->add_option("--mapping-seed", options->mapping.seed,
                     "Seed of the mapping; never changes a spike (default: --seed, else 1)")
        ->check(seed_range());
    command
        ->add_option("--mesh", options->mesh,
                     "flit: routers with buffers; packet: links; ideal: no contention")
        ->check(CLI::IsMember({"flit", "packet", "ideal"}))
        ->capture_default_str();
    command->add_option("--threads", options->threads, "Threads that update the cores")
        ->check(CLI::Range(1U, 256U).description(""))
        ->capture_default_str();
    command
        ->add_option("--input", options->inputs,
                     "Spikes of a host input from a file: step,index[,payload] (.csv, .npy)")
        ->type_name("NAME=FILE")
        ->allow_extra_args(false);
    command->add_option("--out", options->out, "Folder for the records of the run")
        ->type_name("DIR");
    command->add_flag("--no-learning", options->no_learning,
                      "Synapses keep their values, whatever the network says");
    command
        ->add_option("--save-weights", options->weights,
                     "What synapses learned: as an image that runs on with it, or as .npz")
        ->type_name("FILE");
    command->add_option("--json", options->json, "Write the summary as JSON")->type_name("FILE");
    command->add_flag("--explain-time", options->explain_time,
                      "Print what bounded the run, and the ten longest steps with the reason");
    command
        ->add_option("--packet-trace", options->packet_trace,
                     "Write every packet (CSV), for seamount mesh --trace")
        ->type_name("FILE");
    command
        ->add_option("--profile", options->profile,
                     "Write how often each neuron spiked (CSV), for seamount compile --profile")
        ->type_name("FILE");
    add_quiet(*command, session.console);
    command->footer(kFooter);
    command->callback([options, command, &session] {
        if (!options->mapping.seed) options->mapping.seed = options->seed;
        for (const char* option : {"--partitioner", "--effort", "--placer", "--mapping-seed"}) {
            if (command->count(option) != 0) options->mapping.given.emplace_back(option);
        }
        session.command = [options, &session] { return run_file(*options, session); };
    });
}

}  // namespace seamount::cli
