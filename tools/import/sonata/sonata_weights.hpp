#pragma once

#include <cstdint>
#include <vector>

namespace seamount::importer::sonata {

/// A connection, with places in its populations.
struct Connection {
    std::uint32_t source = 0;
    std::uint32_t target = 0;
    double weight = 0.0;  ///< in the unit of the target's voltage
    std::uint32_t delay = 0;
};

/// Integers that stand for the voltages of one population.
struct Scale {
    double factor = 1.0;  ///< units of a weight of exponent 0 per unit of the file
    int exponent = 0;     ///< of all weights, if `split` is false
    bool split = false;   ///< weights are stored in two parts, of exponents 0 and 7
    bool exact = true;    ///< every weight is a whole number of units
    double error = 0.0;   ///< else the largest relative one
};

/// Chooses the finest scale at which thresholds and weights fit: `thresholds` are above 0. Weights
/// become whole numbers if they have a common unit.
[[nodiscard]] Scale choose_scale(const std::vector<double>& weights,
                                 const std::vector<double>& thresholds);

/// Connections of one sign and exponent, with whole weights, at most 255 in size.
struct Part {
    int exponent = 0;
    std::vector<Connection> connections;
};

/// Connections as parts that add up to them; equal pairs of equal delay are added first.
[[nodiscard]] std::vector<Part> parts_of(std::vector<Connection> connections, const Scale& scale);

/// Adds up connections of equal source, target and delay.
void merge_equal(std::vector<Connection>& connections);

}  // namespace seamount::importer::sonata
