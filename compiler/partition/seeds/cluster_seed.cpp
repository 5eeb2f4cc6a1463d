#include <algorithm>
#include <numeric>
#include <span>
#include <utility>

#include "compiler/partition/hypergraph/refine.hpp"
#include "compiler/partition/seeds/seeds.hpp"

namespace seamount::compiler {
namespace {

/// What a vertex takes of a part, roughly, in compartments.
std::uint64_t weight_of(const Hypergraph& graph, std::uint32_t vertex) {
    constexpr std::uint64_t kSynapsesPerCompartment = 128;
    return graph.compartments[vertex] + graph.synapses[vertex] / kSynapsesPerCompartment;
}

/// Merges each vertex with the neighbours that it shares most with: one pass of size-bounded label
/// propagation. Neighbours of a vertex are the homes of the nets that reach it and, on a random
/// ring through the pins of a net, the next two pins.
class Clustering {
public:
    Clustering(const Hypergraph& graph, std::uint64_t largest, std::uint64_t seed)
        : graph_{graph},
          largest_{largest},
          dice_{seed},
          label_(graph.vertex_count()),
          size_(graph.vertex_count()),
          rating_(graph.vertex_count()) {
        std::iota(label_.begin(), label_.end(), 0U);
        for (std::uint32_t v = 0; v < label_.size(); ++v) size_[v] = weight(v);
    }

    void pass();
    /// Numbers the clusters in the order of their first vertices; returns how many there are.
    std::uint32_t number(std::vector<std::uint32_t>& cluster_of) const;

private:
    [[nodiscard]] std::uint64_t weight(std::uint32_t v) const { return weight_of(graph_, v); }
    void rate(std::uint32_t vertex);
    void rate_neighbour(std::uint32_t neighbour, float by) {
        const std::uint32_t label = label_[neighbour];
        if (rating_[label] == 0.0F) touched_.push_back(label);
        rating_[label] += by;
    }

    const Hypergraph& graph_;
    std::uint64_t largest_;
    MappingDice dice_;
    std::vector<std::uint32_t> label_;
    std::vector<std::uint64_t> size_;  // per label
    std::vector<float> rating_;        // per label; all zero between vertices
    std::vector<std::uint32_t> touched_;
};

void Clustering::rate(std::uint32_t vertex) {
    for (const std::uint32_t net : graph_.nets_of(vertex)) {
        const std::span<const std::uint32_t> pins = graph_.pins_of(net);
        if (pins.size() < 2) continue;
        const float by = static_cast<float>(graph_.rate[net]) / static_cast<float>(pins.size() - 1);
        if (graph_.home[net] == vertex) {
            for (const std::uint32_t pin : pins.subspan(1)) rate_neighbour(pin, by);
            continue;
        }
        if (graph_.home[net] != Hypergraph::kNone) rate_neighbour(pins.front(), by);
        for (int i = 0; i < 2; ++i) {
            const std::uint32_t pin = pins[dice_.below(static_cast<std::uint32_t>(pins.size()))];
            if (pin != vertex) rate_neighbour(pin, by);
        }
    }
}

void Clustering::pass() {
    std::vector<std::uint32_t> order(graph_.vertex_count());
    std::iota(order.begin(), order.end(), 0U);
    shuffle(order, dice_);
    for (const std::uint32_t vertex : order) {
        if (graph_.fixed[vertex] != Hypergraph::kNone) continue;
        rate(vertex);
        const std::uint32_t own = label_[vertex];
        std::uint32_t best = own;
        float best_rating = rating_[own];
        for (const std::uint32_t label : touched_) {
            const bool has_room = size_[label] + weight(vertex) <= largest_ &&
                                  graph_.fixed[label] == Hypergraph::kNone;
            if (label != own && has_room &&
                (rating_[label] > best_rating ||
                 (rating_[label] == best_rating && best != own && label < best))) {
                best = label;
                best_rating = rating_[label];
            }
        }
        for (const std::uint32_t label : touched_) rating_[label] = 0.0F;
        touched_.clear();
        if (best == own) continue;
        size_[own] -= weight(vertex);
        size_[best] += weight(vertex);
        label_[vertex] = best;
    }
}

std::uint32_t Clustering::number(std::vector<std::uint32_t>& cluster_of) const {
    std::vector<std::uint32_t> number_of(label_.size(), Hypergraph::kNone);
    std::uint32_t clusters = 0;
    cluster_of.resize(label_.size());
    for (std::uint32_t v = 0; v < label_.size(); ++v) {
        std::uint32_t& cluster = number_of[label_[v]];
        if (cluster == Hypergraph::kNone) cluster = clusters++;
        cluster_of[v] = cluster;
    }
    return clusters;
}

std::vector<std::uint32_t> partition_levels(const Hypergraph& graph, std::uint32_t parts,
                                            const PartLimits& limits, std::uint64_t seed,
                                            std::uint32_t level) {
    constexpr std::uint32_t kCoarsest = 20;  // vertices per part
    constexpr std::uint32_t kLevels = 20;
    std::uint64_t total = 0;
    for (std::uint32_t v = 0; v < graph.vertex_count(); ++v) {
        total += weight_of(graph, v);
    }
    const std::uint32_t vertices = graph.vertex_count();
    std::vector<std::uint32_t> part_of;
    std::vector<std::uint32_t> cluster_of;
    std::uint32_t clusters = vertices;
    if (vertices > kCoarsest * parts && level < kLevels) {
        // Clusters of at most 8 of the vertices of today, and of a tenth of a part.
        const std::uint64_t largest = std::min(total * 8 / vertices, total / parts / 10);
        Clustering clustering{graph, std::max<std::uint64_t>(largest, 2), seed + level};
        for (int pass = 0; pass < 3; ++pass) clustering.pass();
        clusters = clustering.number(cluster_of);
    }
    if (clusters > vertices * 0.9) {
        part_of = metis_seed(graph, parts, limits, {true, 1}, seed);
    } else {
        const std::vector<std::uint32_t> coarse =
            partition_levels(contract(graph, cluster_of, clusters), parts, limits, seed, level + 1);
        part_of.reserve(vertices);
        for (const std::uint32_t cluster : cluster_of) part_of.push_back(coarse[cluster]);
    }
    Assignment assignment{graph, parts, limits, part_of};
    const double mean = static_cast<double>(assignment.cost()) / std::max<double>(1.0, vertices);
    refine(assignment, {level == 0 ? 2U : 6U, level == 0 ? 0.0 : mean * 0.1, seed + level});
    return assignment.part_of();
}

}  // namespace

std::vector<std::uint32_t> multilevel_seed(const Hypergraph& graph, std::uint32_t parts,
                                           const PartLimits& limits, std::uint64_t seed) {
    return partition_levels(graph, parts, limits, seed, 0);
}

}  // namespace seamount::compiler
