#include "tools/traffic/experiment.hpp"

#include <fmt/core.h>

#include <bit>
#include <utility>

#include "emulator/mesh/make_mesh.hpp"
#include "isa/base/diagnostic.hpp"
#include "isa/yaml/yaml_tree.hpp"
#include "tools/base/clock.hpp"
#include "tools/traffic/replay.hpp"

namespace seamount::traffic {
namespace {

/// Collects problems of the command line.
class Problems {
public:
    explicit Problems(Diagnostics& found) : found_{found} {}
    void operator()(const std::string& message, const std::string& hint) const {
        found_.error("CLI-MESH", {"seamount mesh", 0, 0}, message, hint);
    }

private:
    Diagnostics& found_;
};

void check_traffic(const Experiment& e, const Problems& problem) {
    if (e.trace.empty() == e.rates.empty()) {
        problem(e.trace.empty() ? "there is no traffic" : "both --rate and --trace are given",
                "give --rate R, or --trace FILE");
    }
    for (const double rate : e.rates) {
        if (!(rate > 0.0 && rate <= e.flits)) {
            problem(fmt::format("--rate is {}, must be in (0, {}]", rate, e.flits),
                    "flits per node and cycle; a node makes one packet per cycle at most");
        }
    }
    if (e.pattern == Pattern::kTranspose && e.width != e.height) {
        problem(fmt::format("transpose needs a square mesh, not {}x{}", e.width, e.height),
                "choose another pattern, or the same --width and --height");
    }
    const std::uint32_t nodes = e.width * e.height;
    const std::string_view name = name_of(kPatternNames, e.pattern);
    if (permutes_bits(e.pattern) && !std::has_single_bit(nodes)) {
        problem(fmt::format("{} needs a power of two of nodes, not {}x{} = {}", name, e.width,
                            e.height, nodes),
                "choose another pattern, or --width and --height that are powers of two");
    }
    if (e.hotspot && e.pattern != Pattern::kHotspot10) {
        problem(fmt::format("--hotspot is for hotspot10, not for {}", name),
                "add --pattern hotspot10");
    } else if (e.hotspot && *e.hotspot >= nodes) {
        problem(fmt::format("--hotspot is {}, must be in [0, {}]", *e.hotspot, nodes - 1),
                "nodes count row by row from 0");
    }
}

void check_mesh(const Experiment& e, const Problems& problem) {
    if (!std::has_single_bit(e.channels)) {
        problem(fmt::format("--channels is {}, must be 1, 2, 4 or 8", e.channels), "");
    }
    const std::uint64_t places =
        isa::buffer_places(std::uint64_t{e.width} * e.height, e.meshes, e.channels, e.buffer);
    if (places > isa::kMaxBufferPlaces) {
        problem(fmt::format("the buffers of {}x{} routers have {} places, must be at most {}",
                            e.width, e.height, places, isa::kMaxBufferPlaces),
                "tiles x meshes x channels x buffer; make one of them smaller");
    }
    if (e.routing == isa::MeshRouting::kXyYx && e.meshes != 2) {
        problem("routing xy_yx gives each of two meshes its own order", "add --meshes 2");
    }
}

emu::MeshParams mesh_of(const Experiment& e) {
    emu::MeshParams params = emu::MeshParams::of(e.pipeline, e.width, e.height);
    params.buffer_flits = e.buffer;
    params.virtual_channels = e.channels;
    params.meshes = e.meshes;
    params.routing = e.routing;
    params.policy = e.policy;
    return params;
}

TrafficParams traffic_of(const Experiment& e, double rate) {
    TrafficParams params;
    params.pattern = e.pattern;
    params.width = e.width;
    params.height = e.height;
    params.rate = rate;
    params.flits = e.flits;
    params.exclude_self = e.exclude_self;
    params.hotspot = e.hotspot;
    params.seed = e.seed;
    return params;
}

Point replay_trace(const Experiment& e) {
    const emu::MeshParams params = mesh_of(e);
    const auto mesh = emu::make_mesh(e.fidelity, params);
    const std::uint32_t tiles = e.width * e.height;
    const auto trace = parse_trace(yaml::read_text(e.trace), e.trace, tiles);
    const double started = tools::now_s();
    Point point;
    point.measured = replay(*mesh, trace, tiles, params.eject.count());
    point.cycles = point.measured.simulated_cycles;
    point.wall_s = tools::now_s() - started;
    return point;
}

/// Each rate counts its own hops.
Point measure_rate(const Experiment& e, double rate) {
    const auto mesh = emu::make_mesh(e.fidelity, mesh_of(e));
    const double started = tools::now_s();
    Point point;
    point.rate = rate;
    point.cycles = e.cycles;
    point.measured =
        measure(*mesh, traffic_of(e, rate), {e.warmup.value_or(e.cycles / 4), e.cycles});
    point.wall_s = tools::now_s() - started;
    return point;
}

}  // namespace

void check(const Experiment& experiment, Diagnostics& problems) {
    check_traffic(experiment, Problems{problems});
    check_mesh(experiment, Problems{problems});
}

std::vector<Point> run(const Experiment& experiment) {
    std::vector<Point> points;
    if (!experiment.trace.empty()) points.push_back(replay_trace(experiment));
    for (const double rate : experiment.rates) points.push_back(measure_rate(experiment, rate));
    return points;
}

}  // namespace seamount::traffic
