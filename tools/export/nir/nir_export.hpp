#pragma once

#include <string>
#include <vector>

#include "compiler/ir/network.hpp"

namespace seamount::exporter {

/// A network as a NIR file.
struct NirExport {
    std::string bytes;
    std::vector<std::string> notes;  ///< what a user should know
};

/// Says a network in NIR: populations of leaky and plain integrate-and-fire programs as the class
/// whose equation is theirs with steps of `dt` seconds, synapses as Linear (a convolution as
/// Conv2d) of the weights that the chip stores, delays as Delay, host inputs as Input. The voltage
/// counts in mantissas of thresholds: `seamount import --dt DT --scale 64` gives the same integers.
/// Layers lag by a step on the chip and not in NIR, so delays are those beyond the lag.
///
/// Throws InputError with all that NIR has no word for: OUT-NIR, each at its place in the network.
[[nodiscard]] NirExport export_nir(const compiler::Network& network, double dt);

}  // namespace seamount::exporter
