#include <algorithm>
#include <bit>

#include "compiler/partition/hypergraph/lane_sums.hpp"
#include "compiler/partition/seeds/seeds.hpp"

namespace seamount::compiler {
namespace {

/// The fullest resource of a part, 1 being full.
double fill_of(const PartLoad& load, const PartLimits& limits) {
    double fill = 0.0;
    const auto consider = [&fill](std::uint64_t need, std::uint64_t limit) {
        if (limit == 0) return;
        fill = std::max(fill, static_cast<double>(need) / static_cast<double>(limit));
    };
    consider(load.compartments, limits.compartments);
    consider(load.synapses, limits.synapses);
    consider(load.bits, limits.bits);
    consider(load.input_axons, limits.input_axons);
    return fill;
}

}  // namespace

std::vector<std::uint32_t> streaming_seed(const Hypergraph& graph, std::uint32_t parts,
                                          const PartLimits& limits) {
    Assignment assignment{graph, parts, limits};
    LaneSums sums{assignment.words()};
    std::vector<double> room(parts);
    for (std::uint32_t part = 0; part < parts; ++part) {
        room[part] = 1.0 - fill_of(assignment.load(part), limits);
    }
    for (std::uint32_t vertex = 0; vertex < graph.vertex_count(); ++vertex) {
        if (graph.fixed[vertex] != Hypergraph::kNone) continue;
        sums.clear();
        for (const std::uint32_t net : graph.nets_of(vertex)) {
            sums.add(assignment.connected(net), graph.rate[net]);
        }
        sums.flush();
        std::uint32_t best = Hypergraph::kNone;
        std::uint32_t emptiest = 0;
        double best_score = -1.0;
        for (std::uint32_t part = 0; part < parts; ++part) {
            if (assignment.is_closed(part)) continue;
            if (assignment.is_closed(emptiest) || room[part] > room[emptiest]) emptiest = part;
            const double score = (1e-3 + static_cast<double>(sums.of(part))) * room[part];
            if (score <= best_score || !assignment.fits(vertex, part)) continue;
            best = part;
            best_score = score;
        }
        if (best == Hypergraph::kNone) best = emptiest;
        assignment.move(vertex, best);
        room[best] = 1.0 - fill_of(assignment.load(best), limits);
    }
    return assignment.part_of();
}

}  // namespace seamount::compiler
