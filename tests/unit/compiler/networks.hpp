#pragma once

#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "compiler/ir/lowered.hpp"
#include "isa/chip/chip_spec.hpp"

namespace seamount::compiler {

/// Deterministic numbers that are the same with every standard library.
class Dice {
public:
    explicit Dice(std::uint32_t seed) : engine_{seed} {}
    /// Uniform enough in [low, high].
    int roll(int low, int high) {
        return low + static_cast<int>(engine_() % static_cast<unsigned>(high - low + 1));
    }

private:
    std::mt19937 engine_;
};

/// Connections written out.
class ListedRows final : public RowGenerator {
public:
    explicit ListedRows(std::vector<std::vector<RawSynapse>> rows) : rows_{std::move(rows)} {}
    void row(std::uint32_t source, std::vector<RawSynapse>& row) const override {
        row = rows_.at(source);
    }

private:
    std::vector<std::vector<RawSynapse>> rows_;
};

/// An integrate-and-fire program: args decay (default 0), vth (required), bias (default 0);
/// parameter keep = 4096 - decay; state words v, bias = bias << 2, threshold = vth << 6.
std::shared_ptr<const isa::Program> test_program();

/// A population of `test_program` neurons, appended to the network.
Population& add_population(Network& network, const std::string& name, std::uint32_t size);
/// A host input with the spikes [[0, 0]], appended to the network.
void add_input(Network& network, const std::string& name, std::uint32_t size);
/// A projection with given rows, appended to the network; line 20 and up of the network file.
Projection& add_projection(Network& network, SourceRef from, std::uint32_t to,
                           std::vector<std::vector<RawSynapse>> rows);

struct RandomShape {
    std::uint32_t populations = 3;
    int neurons = 60;     ///< most per population
    int fan_out = 12;     ///< most per source and projection
    bool formats = true;  ///< projections differ in format
};
/// Populations with per-neuron arguments, two inputs, projections with all kinds of weights,
/// delays, duplicates and empty rows.
Network random_network(std::uint32_t seed, const RandomShape& shape = {});

/// A small chip: 4 x 2 tiles of 2 cores without limits but those given by the caller.
isa::ChipSpec small_chip();

/// One synapse as it acts, wherever it is stored.
struct Connection {
    bool from_input = false;
    std::uint32_t source = 0;  ///< global neuron, or input << 16 | index
    NeuronId target;           ///< global neuron
    std::int32_t weight = 0;
    std::uint32_t delay = 0;
    isa::SynapseFormat format;
    friend auto operator<=>(const Connection&, const Connection&) = default;
};
/// Sorted.
std::vector<Connection> connections_of(const Lowered& lowered);
/// Sorted; follows the fan-out lists through axons, rows and blocks.
std::vector<Connection> connections_of(const isa::Image& image);

/// The finding with this code as text; empty if there is none.
std::string find_text(const Diagnostics& diagnostics, const std::string& code);

}  // namespace seamount::compiler
