#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "isa/base/output_file.hpp"
#include "tools/base/files.hpp"
#include "tools/cli/commands.hpp"
#include "tools/traffic/experiment.hpp"
#include "tools/traffic/experiment_report.hpp"

namespace seamount::cli {
namespace {

constexpr std::uint32_t kMaxSide = 256;
constexpr std::uint64_t kMaxCycles = std::uint64_t{1} << 40U;

struct Options {
    traffic::Experiment experiment;
    std::string links;
    std::string json;
};

/// What the options say together, before anything runs.
void check(const Options& options) {
    Diagnostics problems;
    traffic::check(options.experiment, problems);
    if (!options.json.empty() && same_output(options.json, options.links)) {
        two_outputs(options.json);
    }
    problems.throw_if_errors();
    const std::string& trace = options.experiment.trace;
    if (trace.empty()) return;
    tools::require_file(trace);
    for (const std::string& output : {options.json, options.links}) {
        reject_input_as_output(output, {trace});
    }
}

int run_mesh(const Options& options, const tools::Console& console) {
    check(options);
    std::optional<OutputFile> json;
    std::optional<OutputFile> links;
    if (!options.json.empty()) json.emplace(options.json);
    if (!options.links.empty()) links.emplace(options.links);
    const std::vector<traffic::Point> points = traffic::run(options.experiment);
    console.print(traffic::text_of(options.experiment, points));
    if (json) {
        json->write(traffic::json_of(options.experiment, points));
        json->commit();
    }
    if (links) {
        links->write(traffic::links_csv(options.experiment, points));
        links->commit();
    }
    return tools::kOk;
}

constexpr const char* kFooter =
    R"(Runs traffic through the same mesh models that 'run' uses, in cycles of a router pipeline. Latency
counts from the making of a packet to the delivery of its last flit, queueing at the source
included; without load it is 5 + 3 H + (L - 1) cycles (pipeline A) or 6 + 4 H + (L - 1) (B) for H
hops and L flits. 'unstable': not every measured packet arrived within as many cycles again.

Examples:
  seamount mesh --rate 0.1 --rate 0.2 --rate 0.3           a load sweep on 8x8, uniform traffic
  seamount mesh --pattern transpose --rate 0.1 --flits 4 --links links.csv
  seamount run net.smi --steps 10 --packet-trace net.csv   record ...
  seamount mesh --width 8 --height 4 --trace net.csv       ... and replay)";

/// A number with the default that the experiment has.
template <class Number>
Option number(const char* name, Number& value, const char* help, Range range) {
    return {.names = name, .target = &value, .help = help, .range = range, .shows_default = true};
}

std::vector<Option> options_of(Options& options) {
    using isa::MeshPolicy;
    traffic::Experiment& e = options.experiment;
    return {
        number("--width", e.width, "Tiles, east-west", {1, kMaxSide}),
        number("--height", e.height, "Tiles, north-south", {1, kMaxSide}),
        {"--pattern", choice(e.pattern, traffic::kPatternNames, e.pattern), "Where packets go"},
        {"--exclude-self", &e.exclude_self, "uniform, hotspot10: no random packet to its own node"},
        {"--hotspot", &e.hotspot,
         "hotspot10: the hot node, counted row by row (default: the middle one)"},
        {"--rate", &e.rates, "Flits per node and cycle; repeat for a sweep"},
        number("--flits", e.flits, "Flits per packet", {1, 1024}),
        number("--buffer", e.buffer, "Flits per input buffer (flit and packet fidelity)", {1, 255}),
        number("--channels", e.channels, "Virtual channels: 1, 2, 4 or 8 (flit fidelity)", {1, 8}),
        number("--meshes", e.meshes, "Parallel physical meshes", {1, 2}),
        {"--policy",
         choice(e.policy, isa::kMeshPolicyNames, e.policy,
                {MeshPolicy::kAlternate, MeshPolicy::kParity}),
         "Which of two meshes a packet takes"},
        {"--routing", choice(e.routing, isa::kMeshRoutingNames, e.routing),
         "Order of the dimensions"},
        {"--pipeline", choice(e.pipeline, emu::kPipelineNames, e.pipeline),
         "Router: A 3 cycles per hop, B 4"},
        {"--fidelity", choice(e.fidelity, emu::kMeshFidelityNames, e.fidelity), "Mesh model"},
        number("--cycles", e.cycles, "Cycles to measure", {1, kMaxCycles}),
        {.names = "--warmup",
         .target = &e.warmup,
         .help = "Cycles before (default: a quarter of these)",
         .range = Range{0, kMaxCycles}},
        number("--seed", e.seed, "Seed of the traffic", kSeeds),
        {"--trace", &e.trace, "Replay packets (CSV) instead of --rate", "FILE"},
        {"--links", &options.links, "Write the use of every link (CSV)", "FILE"},
        {"--json", &options.json, "Write the results as JSON", "FILE"},
    };
}

}  // namespace

Command mesh_command(tools::Console& console) {
    const auto options = std::make_shared<Options>();
    Command command{"mesh", "Run synthetic traffic or a trace on a mesh", options_of(*options),
                    kFooter};
    command.options.push_back(quiet_option(console.quiet));
    command.run = [options, &console] { return run_mesh(*options, console); };
    return command;
}

}  // namespace seamount::cli
