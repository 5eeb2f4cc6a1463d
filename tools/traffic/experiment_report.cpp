#include "tools/traffic/experiment_report.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "isa/base/json.hpp"
#include "isa/base/text.hpp"
#include "tools/base/table.hpp"
#include "tools/base/version.hpp"

namespace seamount::traffic {
namespace {

Json point_json(const Experiment& experiment, const Point& point) {
    const Measured& m = point.measured;
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
              {"link_utilisation_max", max_utilisation(m.links, point.cycles)},
              {"measured_cycles", point.cycles},
              {"simulated_cycles", m.simulated_cycles},
              {"flit_hops", m.flit_hops},
              {"wall_s", point.wall_s}};
    if (experiment.trace.empty()) json["rate"] = point.rate;
    return json;
}

}  // namespace

std::string json_of(const Experiment& experiment, const std::vector<Point>& points) {
    Json json{{"version", tools::version()},
              {"width", experiment.width},
              {"height", experiment.height},
              {"flits", experiment.flits},
              {"buffer_flits", experiment.buffer},
              {"virtual_channels", experiment.channels},
              {"meshes", experiment.meshes},
              {"routing", name_of(isa::kMeshRoutingNames, experiment.routing)},
              {"pipeline", name_of(emu::kPipelineNames, experiment.pipeline)},
              {"fidelity", name_of(emu::kMeshFidelityNames, experiment.fidelity)},
              {"seed", experiment.seed}};
    if (experiment.trace.empty()) {
        json["pattern"] = name_of(kPatternNames, experiment.pattern);
    } else {
        json["trace"] = experiment.trace;
    }
    if (points.size() == 1) {
        json.update(point_json(experiment, points.front()));
    } else {
        for (const Point& point : points) json["points"].push_back(point_json(experiment, point));
    }
    return json_text(json, 2) + "\n";
}

std::string text_of(const Experiment& experiment, const std::vector<Point>& points) {
    tools::Table table(
        {"rate", "accepted", "latency", "p50", "p99", "max", "packets", "busiest link"});
    for (const Point& point : points) {
        const Measured& m = point.measured;
        table.add({experiment.trace.empty() ? fmt::format("{}", point.rate) : "trace",
                   fmt::format("{:.4f}", m.accepted), fmt::format("{:.2f}", m.latencies.mean()),
                   fmt::format("{}", m.latencies.quantile(0.5)),
                   fmt::format("{}", m.latencies.quantile(0.99)),
                   fmt::format("{}{}", m.latencies.quantile(1.0), m.drained ? "" : " (unstable)"),
                   grouped(m.latencies.packets()),
                   fmt::format("{:.1f} %", 100.0 * max_utilisation(m.links, point.cycles))});
    }
    return fmt::format("{}x{} mesh, pipeline {}, {} fidelity; cycles, flits per node and cycle\n{}",
                       experiment.width, experiment.height,
                       name_of(emu::kPipelineNames, experiment.pipeline),
                       name_of(emu::kMeshFidelityNames, experiment.fidelity), table.text());
}

std::string links_csv(const Experiment& experiment, const std::vector<Point>& points) {
    std::string csv =
        "rate,mesh,tile,x,y,direction,flits,utilisation,wait_cycles,max_wait_cycles\n";
    for (const Point& point : points) {
        for (const emu::LinkUse& use : point.measured.links) {
            const std::uint32_t tile = use.tile.value();
            csv += fmt::format("{},{},{},{},{},{},{},{:.6f},{},{}\n", point.rate, use.mesh, tile,
                               tile % experiment.width, tile / experiment.width,
                               name_of(isa::kWayNames, use.way), use.flits,
                               static_cast<double>(use.busy.count()) /
                                   static_cast<double>(std::max<std::uint64_t>(point.cycles, 1)),
                               use.wait.count(), use.max_wait.count());
        }
    }
    return csv;
}

}  // namespace seamount::traffic
