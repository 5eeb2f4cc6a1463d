#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "isa/base/diagnostic.hpp"
#include "tools/import/nir/fold/linear_map.hpp"
#include "tools/import/nir/graph/nir_options.hpp"
#include "tools/import/nir/graph/node.hpp"

namespace seamount::importer::nir {

/// What neurons do at the end of a step.
enum class Output : std::uint8_t {
    kSpikes,
    kSilent,  ///< integrate; probes read them
    kValues,  ///< send their voltage in every step
};

/// Neurons with the equations of all NIR classes, in real numbers, per step:
///
///     u = (1 - u_decay) u + x;  v = (1 - v_decay) v + u + bias
///     spikes where v > threshold; then v = 0, or v - threshold
///
/// v counts from v_reset. Resistances, input weights and shares of dt / tau stand in the weights.
struct Population {
    std::string name;    ///< in the network
    std::string node;    ///< in the NIR file
    std::string object;  ///< its place there
    Kind kind = Kind::kLIF;
    Output output = Output::kSpikes;
    bool subtracts = false;  ///< what a spike does to v
    Shape shape;
    std::uint32_t level = 0;  ///< steps that it lags behind the input
    // One value per neuron.
    std::vector<double> u_decay;  ///< 1: no current
    std::vector<double> v_decay;
    std::vector<double> threshold;
    std::vector<double> v_start;
    std::vector<double> bias;      ///< of v
    std::vector<double> steady_u;  ///< what a steady drive through a current adds to u per step
    std::vector<double> gain;      ///< from what the file sums up to u; part of the weights

    [[nodiscard]] std::uint64_t size() const { return gain.size(); }
};

struct HostInput {
    std::string name;
    std::string node;
    Shape shape;
};

/// Synapses between two populations, or from an input to one.
struct Link {
    bool from_input = false;
    std::size_t from = 0;
    std::size_t to = 0;
    LinearMap map;
    std::uint32_t delay = 0;  ///< steps, beside those of the map
    bool is_recurrent = false;
    std::vector<std::string> through;  ///< linear nodes that became part of it
};

/// A NIR graph as neurons and synapses, in real numbers.
struct Model {
    std::vector<HostInput> inputs;
    std::vector<Population> populations;
    std::vector<Link> links;
    std::vector<std::string> outputs;  ///< "node 'out': population lif2"
    std::vector<std::string> notes;
};

/// Folds the linear nodes between neurons into synapses and their biases into neurons, and aligns
/// delays so that what meets in a node comes from the same step of the input. What has no
/// counterpart goes to `found` at the path of its node: IMP-VALUE, IMP-OPTION.
[[nodiscard]] Model fold(const Hdf5File& file, const Graph& graph, const NirOptions& options,
                         Diagnostics& found);

}  // namespace seamount::importer::nir
