#pragma once

#include <map>
#include <string>
#include <vector>

#include "compiler/ir/network.hpp"

namespace seamount::exporter {

/// Units of the voltage on the chip in one of an exported file: a mantissa of thresholds.
inline constexpr double kUnit = 64;

/// A population as a node of NIR.
struct NeuronNode {
    std::string type;                                   ///< "LIF"
    std::map<std::string, std::vector<double>> fields;  ///< a value per neuron
    double input_unit = kUnit;     ///< units of the voltage in one of its accumulator
    bool spikes = true;            ///< sends spikes rather than values
    bool subtracts = false;        ///< a spike subtracts the threshold
    std::vector<double> own_bias;  ///< that the class has no field for, per neuron; empty: none
};

/// The class whose equation, with steps of `dt` seconds by forward Euler, is that of the
/// population's program. Returns no type if there is none, with the reason in `problem`.
[[nodiscard]] NeuronNode node_of(const compiler::Population& population, double dt,
                                 std::string& problem);

}  // namespace seamount::exporter
