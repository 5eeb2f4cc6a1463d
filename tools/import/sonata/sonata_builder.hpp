#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tools/import/network/network_text.hpp"
#include "tools/import/sonata/sonata_config.hpp"
#include "tools/import/sonata/sonata_tables.hpp"
#include "tools/import/sonata/sonata_weights.hpp"

namespace seamount::importer::sonata {

/// A point neuron, in the units of its model.
struct PointNeuron {
    double tau_ms = 0.0;
    double threshold = 0.0;        ///< above rest
    double reset = 0.0;            ///< above rest
    double drive = 0.0;            ///< added in every step
    std::uint32_t refractory = 0;  ///< steps in which input is ignored
    bool fires_at = false;         ///< at the threshold, else only above it
};

/// A population of nodes, ordered by their ids.
struct NodePopulation {
    std::string name;
    std::string label;  ///< in the network file
    std::shared_ptr<const Records> records;
    std::vector<std::uint64_t> ids;      ///< ascending
    std::vector<std::size_t> record_of;  ///< by place
    bool is_virtual = false;
    std::vector<PointNeuron> neurons{};  ///< empty if it is virtual

    /// The place of a node, or nothing.
    [[nodiscard]] std::optional<std::uint32_t> index_of(std::uint64_t id) const;
};

/// Connections from one population to another.
struct EdgePopulation {
    std::string name;
    std::size_t source = 0;  ///< of the populations
    std::size_t target = 0;
    std::vector<Connection> connections;
};

/// The nodes of all files, with the neurons that they are at steps of `dt_ms`.
[[nodiscard]] std::vector<NodePopulation> read_nodes(Config& config, double dt_ms,
                                                     Diagnostics& found);

/// The longest delay in milliseconds is left in `longest_ms`, so that a step can be chosen by it;
/// delays are in steps of `dt_ms`.
[[nodiscard]] std::vector<EdgePopulation> read_edges(Config& config,
                                                     const std::vector<NodePopulation>& nodes,
                                                     double dt_ms, double& longest_ms,
                                                     Diagnostics& found);

}  // namespace seamount::importer::sonata
