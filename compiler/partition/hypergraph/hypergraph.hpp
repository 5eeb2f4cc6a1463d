#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "compiler/base/dice.hpp"
#include "compiler/ir/lowered.hpp"

namespace seamount::compiler {

/// A resource of a core that parameter sets, programs and formats take once, however many neurons
/// of a core use them.
enum class SharedResource : std::uint8_t { kNeuronGroup, kMicrocodeWord, kSynapseFormat };
inline constexpr std::size_t kSharedResources = 3;

struct Feature {
    SharedResource resource = SharedResource::kNeuronGroup;
    std::uint32_t amount = 1;
};

/// The network as the partitioners see it.
///
/// A vertex is what moves as one: a neuron, neurons that must share a core, or vertices merged by
/// coarsening. A net is what one source (or several with the same targets, merged) sends: its pins
/// are the distinct vertices that it reaches and, first, the vertex that it starts from. A spike
/// costs as many packets as its net has parts beyond the first: the cost of a partition is the sum
/// of rate * (parts - 1).
struct Hypergraph {
    static constexpr std::uint32_t kNone = 0xFFFFFFFFU;

    // Per vertex.
    std::vector<std::uint32_t> compartments;
    std::vector<std::uint32_t> synapses;
    std::vector<std::uint64_t> bits;   ///< of its synapses, without the overhead of blocks
    std::vector<std::uint32_t> kind;   ///< of all its neurons, or kNone if they differ
    std::vector<std::uint32_t> fixed;  ///< the part that it stays in, which no other vertex may
                                       ///< enter, or kNone; such parts have the lowest numbers

    // Per net.
    std::vector<std::uint32_t> rate;
    std::vector<std::uint32_t> axons;  ///< input axons that it takes on each core: merged sources
    std::vector<std::uint32_t> home;   ///< where it starts, or kNone for the host
    std::vector<std::uint8_t> home_is_target;

    std::vector<std::uint64_t> first_pin;  ///< nets + 1
    std::vector<std::uint32_t> pins;       ///< home first
    std::vector<std::uint64_t> first_net;  ///< vertices + 1
    std::vector<std::uint32_t> nets;       ///< ascending per vertex

    std::vector<std::vector<std::uint32_t>> features_of_kind;
    std::vector<Feature> features;

    [[nodiscard]] std::uint32_t vertex_count() const noexcept {
        return static_cast<std::uint32_t>(compartments.size());
    }
    [[nodiscard]] std::uint32_t net_count() const noexcept {
        return static_cast<std::uint32_t>(rate.size());
    }
    [[nodiscard]] std::span<const std::uint32_t> pins_of(std::uint32_t net) const noexcept {
        return {pins.data() + first_pin[net], first_pin[net + 1] - first_pin[net]};
    }
    [[nodiscard]] std::span<const std::uint32_t> nets_of(std::uint32_t vertex) const noexcept {
        return {nets.data() + first_net[vertex], first_net[vertex + 1] - first_net[vertex]};
    }
    /// How many parts are taken by fixed vertices.
    [[nodiscard]] std::uint32_t fixed_parts() const noexcept;
    /// Fills first_net and nets from the pins.
    void connect_vertices();
};

/// A network as a hypergraph, and where its neurons went.
struct NetworkGraph {
    Hypergraph graph;
    IdVector<NeuronId, std::uint32_t> vertex_of;
};

/// One vertex per shard that `mapping` already has, fixed to the part of that number, then one per
/// neuron without a shard; all compartments of a cell are one. `rates` has a weight per neuron, at
/// least 1; empty: all are 1.
[[nodiscard]] NetworkGraph make_hypergraph(const Lowered& lowered, const Mapping& mapping,
                                           IdSpan<NeuronId, const std::uint32_t> rates);

/// Merges vertices: `cluster_of` gives each its cluster, a number below `clusters`. Nets that
/// become equal are merged; those within one cluster stay, as they still take an axon there.
[[nodiscard]] Hypergraph contract(const Hypergraph& graph,
                                  std::span<const std::uint32_t> cluster_of,
                                  std::uint32_t clusters);

/// The same hypergraph with the vertices in the order `vertices`, and nets in the order of their
/// homes: neighbours in memory are neighbours in the network, which is what the speed of refinement
/// depends on.
[[nodiscard]] Hypergraph reorder(const Hypergraph& graph, std::span<const std::uint32_t> vertices);

}  // namespace seamount::compiler
