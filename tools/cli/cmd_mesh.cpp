#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <bit>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "emulator/mesh/make_mesh.hpp"
#include "isa/base/output_file.hpp"
#include "isa/base/text.hpp"
#include "isa/yaml/yaml_tree.hpp"
#include "tools/base/files.hpp"
#include "tools/base/table.hpp"
#include "tools/base/version.hpp"
#include "tools/cli/commands.hpp"
#include "tools/cli/options.hpp"
#include "tools/session/load.hpp"
#include "tools/traffic/measure.hpp"
#include "tools/traffic/replay.hpp"

namespace seamount::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::uint32_t kMaxSide = 256;

struct Options {
    std::uint32_t width = 8;
    std::uint32_t height = 8;
    std::string pattern = "uniform";
    bool exclude_self = false;
    std::optional<std::uint32_t> hotspot;
    std::vector<double> rates;
    std::uint32_t flits = 1;
    std::uint32_t buffer = 8;
    std::uint32_t channels = 1;
    std::uint32_t meshes = 1;
    std::string routing = "xy";
    std::string policy = "alternate";
    std::string pipeline = "A";
    std::string fidelity = "flit";
    std::uint64_t cycles = 20'000;
    std::optional<std::uint64_t> warmup;
    std::uint64_t seed = 1;
    std::string trace;
    std::string links;
    std::string json;
};

/// One rate of a sweep, or a trace.
struct Point {
    double rate = 0.0;
    std::uint64_t cycles = 0;  ///< measured
    traffic::Measured measured;
    double wall_s = 0.0;
};

template <class T>
T named(const std::string& name, std::initializer_list<std::pair<const char*, T>> names) {
    for (const auto& [known, value] : names) {
        if (name == known) return value;
    }
    throw std::logic_error("the command line accepts only known names");
}

emu::MeshFidelity fidelity_of(const Options& options) {
    using Fidelity = emu::MeshFidelity;
    return named<Fidelity>(
        options.fidelity,
        {{"flit", Fidelity::kFlit}, {"packet", Fidelity::kPacket}, {"ideal", Fidelity::kIdeal}});
}

emu::MeshParams mesh_of(const Options& options) {
    emu::MeshParams params =
        emu::MeshParams::of(options.pipeline == "A" ? emu::Pipeline::kA : emu::Pipeline::kB,
                            options.width, options.height);
    params.buffer_flits = options.buffer;
    params.virtual_channels = options.channels;
    params.meshes = options.meshes;
    params.routing = named<isa::MeshRouting>(options.routing, {{"xy", isa::MeshRouting::kXy},
                                                               {"yx", isa::MeshRouting::kYx},
                                                               {"xy_yx", isa::MeshRouting::kXyYx}});
    params.policy = named<isa::MeshPolicy>(
        options.policy,
        {{"alternate", isa::MeshPolicy::kAlternate}, {"parity", isa::MeshPolicy::kParity}});
    return params;
}

traffic::Pattern pattern_of(const Options& options) {
    const auto found = std::find(std::begin(traffic::kPatternNames),
                                 std::end(traffic::kPatternNames), options.pattern);
    return static_cast<traffic::Pattern>(found - std::begin(traffic::kPatternNames));
}

traffic::TrafficParams traffic_of(const Options& options, double rate) {
    traffic::TrafficParams params;
    params.pattern = pattern_of(options);
    params.width = options.width;
    params.height = options.height;
    params.rate = rate;
    params.flits = options.flits;
    params.exclude_self = options.exclude_self;
    params.hotspot = options.hotspot;
    params.seed = options.seed;
    return params;
}

/// What the options say together, before anything runs.
void check(const Options& options) {
    Diagnostics problems;
    const SourceLocation where{"seamount mesh", 0, 0};
    const auto problem = [&](const std::string& message, const std::string& hint) {
        problems.error("CLI-MESH", where, message, hint);
    };
    if (options.trace.empty() == options.rates.empty()) {
        problem(options.trace.empty() ? "there is no traffic" : "both --rate and --trace are given",
                "give --rate R, or --trace FILE");
    }
    for (const double rate : options.rates) {
        if (!(rate > 0.0 && rate <= options.flits)) {
            problem(fmt::format("--rate is {}, must be in (0, {}]", rate, options.flits),
                    "flits per node and cycle; a node makes one packet per cycle at most");
        }
    }
    if (options.pattern == "transpose" && options.width != options.height) {
        problem(
            fmt::format("transpose needs a square mesh, not {}x{}", options.width, options.height),
            "choose another pattern, or the same --width and --height");
    }
    const std::uint32_t nodes = options.width * options.height;
    if (traffic::permutes_bits(pattern_of(options)) && !std::has_single_bit(nodes)) {
        problem(fmt::format("{} needs a power of two of nodes, not {}x{} = {}", options.pattern,
                            options.width, options.height, nodes),
                "choose another pattern, or --width and --height that are powers of two");
    }
    if (options.hotspot && options.pattern != "hotspot10") {
        problem(fmt::format("--hotspot is for hotspot10, not for {}", options.pattern),
                "add --pattern hotspot10");
    } else if (options.hotspot && *options.hotspot >= nodes) {
        problem(fmt::format("--hotspot is {}, must be in [0, {}]", *options.hotspot, nodes - 1),
                "nodes count row by row from 0");
    }
    if (options.channels != 1 && options.channels != 2 && options.channels != 4 &&
        options.channels != 8) {
        problem(fmt::format("--channels is {}, must be 1, 2, 4 or 8", options.channels), "");
    }
    const std::uint64_t places =
        isa::buffer_places(std::uint64_t{options.width} * options.height, options.meshes,
                           options.channels, options.buffer);
    if (places > isa::kMaxBufferPlaces) {
        problem(fmt::format("the buffers of {}x{} routers have {} places, must be at most {}",
                            options.width, options.height, places, isa::kMaxBufferPlaces),
                "tiles x meshes x channels x buffer; make one of them smaller");
    }
    if (options.routing == "xy_yx" && options.meshes != 2) {
        problem("routing xy_yx gives each of two meshes its own order", "add --meshes 2");
    }
    if (!options.json.empty() && same_output(options.json, options.links)) {
        two_outputs(options.json);
    }
    problems.throw_if_errors();
}

Json point_json(const Options& options, const Point& point) {
    const traffic::Measured& m = point.measured;
    Json json{{"avg_packet_latency", m.latencies.mean()},
              {"p50", m.latencies.quantile(0.5)},
              {"p99", m.latencies.quantile(0.99)},
              {"max_packet_latency", m.latencies.quantile(1.0)},
              {"accepted_flits_per_node_cycle", m.accepted},
              {"offered_flits_per_node_cycle", m.offered},
              {"delivered_packets", m.latencies.packets()},
              {"undelivered_packets", m.packets - m.latencies.packets()},
              {"stable", m.drained},
              {"avg_hops", m.mean_hops},
              {"link_utilisation_max", traffic::max_utilisation(m.links, point.cycles)},
              {"measured_cycles", point.cycles},
              {"simulated_cycles", m.simulated_cycles},
              {"flit_hops", m.flit_hops},
              {"wall_s", point.wall_s}};
    if (options.trace.empty()) json["rate"] = point.rate;
    return json;
}

std::string to_json(const Options& options, const std::vector<Point>& points) {
    Json json{{"version", tools::version()},
              {"width", options.width},
              {"height", options.height},
              {"flits", options.flits},
              {"buffer_flits", options.buffer},
              {"virtual_channels", options.channels},
              {"meshes", options.meshes},
              {"routing", options.routing},
              {"pipeline", options.pipeline},
              {"fidelity", options.fidelity},
              {"seed", options.seed}};
    if (options.trace.empty()) {
        json["pattern"] = options.pattern;
    } else {
        json["trace"] = options.trace;
    }
    // One point stands for itself; a sweep is a list.
    if (points.size() == 1) {
        json.update(point_json(options, points.front()));
    } else {
        for (const Point& point : points) json["points"].push_back(point_json(options, point));
    }
    return json.dump(2) + "\n";
}

std::string to_text(const Options& options, const std::vector<Point>& points) {
    tools::Table table(
        {"rate", "accepted", "latency", "p50", "p99", "max", "packets", "busiest link"});
    for (const Point& point : points) {
        const traffic::Measured& m = point.measured;
        table.add(
            {options.trace.empty() ? fmt::format("{}", point.rate) : "trace",
             fmt::format("{:.4f}", m.accepted), fmt::format("{:.2f}", m.latencies.mean()),
             fmt::format("{}", m.latencies.quantile(0.5)),
             fmt::format("{}", m.latencies.quantile(0.99)),
             fmt::format("{}{}", m.latencies.quantile(1.0), m.drained ? "" : " (unstable)"),
             grouped(m.latencies.packets()),
             fmt::format("{:.1f} %", 100.0 * traffic::max_utilisation(m.links, point.cycles))});
    }
    return fmt::format("{}x{} mesh, pipeline {}, {} fidelity; cycles, flits per node and cycle\n{}",
                       options.width, options.height, options.pipeline, options.fidelity,
                       table.text());
}

constexpr const char* kWays[] = {"east", "west", "south", "north", "local"};

std::string to_csv(const Options& options, const std::vector<Point>& points) {
    std::string csv =
        "rate,mesh,tile,x,y,direction,flits,utilisation,wait_cycles,max_wait_cycles\n";
    for (const Point& point : points) {
        for (const emu::LinkUse& use : point.measured.links) {
            const std::uint32_t tile = use.tile.value();
            csv += fmt::format("{},{},{},{},{},{},{},{:.6f},{},{}\n", point.rate, use.mesh, tile,
                               tile % options.width, tile / options.width,
                               kWays[static_cast<std::size_t>(use.way)], use.flits,
                               static_cast<double>(use.busy.count()) /
                                   static_cast<double>(std::max<std::uint64_t>(point.cycles, 1)),
                               use.wait.count(), use.max_wait.count());
        }
    }
    return csv;
}

std::vector<Point> run_points(const Options& options) {
    std::vector<Point> points;
    if (!options.trace.empty()) {
        const auto mesh = emu::make_mesh(fidelity_of(options), mesh_of(options));
        const std::uint32_t tiles = options.width * options.height;
        const auto trace =
            traffic::parse_trace(yaml::read_text(options.trace), options.trace, tiles);
        const double started = tools::now_s();
        Point point;
        point.measured = traffic::replay(*mesh, trace, tiles, mesh_of(options).eject.count());
        point.cycles = point.measured.simulated_cycles;
        point.wall_s = tools::now_s() - started;
        points.push_back(std::move(point));
    }
    for (const double rate : options.rates) {
        // Each rate counts its own hops.
        const auto fresh = emu::make_mesh(fidelity_of(options), mesh_of(options));
        const double started = tools::now_s();
        Point point;
        point.rate = rate;
        point.cycles = options.cycles;
        point.measured =
            traffic::measure(*fresh, traffic_of(options, rate),
                             {options.warmup.value_or(options.cycles / 4), options.cycles});
        point.wall_s = tools::now_s() - started;
        points.push_back(std::move(point));
    }
    return points;
}

int run_mesh(const Options& options, const Session& session) {
    check(options);
    if (!options.trace.empty()) tools::require_file(options.trace);
    for (const std::string& output : {options.json, options.links}) {
        if (!options.trace.empty()) reject_input_as_output(output, {options.trace});
    }
    std::optional<OutputFile> json;
    std::optional<OutputFile> links;
    if (!options.json.empty()) json.emplace(options.json);
    if (!options.links.empty()) links.emplace(options.links);
    const std::vector<Point> points = run_points(options);
    session.console.print(to_text(options, points));
    if (json) {
        json->write(to_json(options, points));
        json->commit();
    }
    if (links) {
        links->write(to_csv(options, points));
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

}  // namespace

void add_mesh(CLI::App& app, Session& session) {
    auto options = std::make_shared<Options>();
    CLI::App* command = app.add_subcommand("mesh", "Run synthetic traffic or a trace on a mesh");
    const auto count = [&](const char* name, auto& value, const char* text, auto min, auto max) {
        using Value = std::decay_t<decltype(value)>;
        return command->add_option(name, value, text)
            ->check(CLI::Range(Value{min}, Value{max}).description(""))
            ->capture_default_str();
    };
    const auto choice = [&](const char* name, std::string& value, const char* text,
                            const std::vector<std::string>& names) {
        command->add_option(name, value, text)->check(CLI::IsMember(names))->capture_default_str();
    };
    count("--width", options->width, "Tiles, east-west", 1U, kMaxSide);
    count("--height", options->height, "Tiles, north-south", 1U, kMaxSide);
    choice("--pattern", options->pattern, "Where packets go",
           {std::begin(traffic::kPatternNames), std::end(traffic::kPatternNames)});
    command->add_flag("--exclude-self", options->exclude_self,
                      "uniform, hotspot10: no random packet to its own node");
    command->add_option("--hotspot", options->hotspot,
                        "hotspot10: the hot node, counted row by row (default: the middle one)");
    command->add_option("--rate", options->rates, "Flits per node and cycle; repeat for a sweep")
        ->allow_extra_args(false);
    count("--flits", options->flits, "Flits per packet", 1U, 1024U);
    count("--buffer", options->buffer, "Flits per input buffer (flit and packet fidelity)", 1U,
          255U);
    count("--channels", options->channels, "Virtual channels: 1, 2, 4 or 8 (flit fidelity)", 1U,
          8U);
    count("--meshes", options->meshes, "Parallel physical meshes", 1U, 2U);
    choice("--policy", options->policy, "Which of two meshes a packet takes",
           {"alternate", "parity"});
    choice("--routing", options->routing, "Order of the dimensions", {"xy", "yx", "xy_yx"});
    choice("--pipeline", options->pipeline, "Router: A 3 cycles per hop, B 4", {"A", "B"});
    choice("--fidelity", options->fidelity, "Mesh model", {"flit", "packet", "ideal"});
    count("--cycles", options->cycles, "Cycles to measure", std::uint64_t{1},
          std::uint64_t{1} << 40U);
    command->add_option("--warmup", options->warmup, "Cycles before (default: a quarter of these)")
        ->check(CLI::Range(std::uint64_t{0}, std::uint64_t{1} << 40U).description(""));
    command->add_option("--seed", options->seed, "Seed of the traffic")
        ->check(seed_range())
        ->capture_default_str();
    command->add_option("--trace", options->trace, "Replay packets (CSV) instead of --rate")
        ->type_name("FILE");
    command->add_option("--links", options->links, "Write the use of every link (CSV)")
        ->type_name("FILE");
    command->add_option("--json", options->json, "Write the results as JSON")->type_name("FILE");
    add_quiet(*command, session.console);
    command->footer(kFooter);
    command->callback([options, &session] {
        session.command = [options, &session] { return run_mesh(*options, session); };
    });
}

}  // namespace seamount::cli
