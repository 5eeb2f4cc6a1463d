#pragma once

#include <string>

#include "tools/neuron/neuron_bench.hpp"
#include "tools/plot/picture.hpp"

namespace seamount::tools {

/// The picture of a trace as the bytes of a file: inputs, recorded quantities and spikes, one panel
/// each, over the steps. A panel has two points per pixel at most (lowest and highest value there).
[[nodiscard]] std::string plot_trace(const NeuronTrace& trace, const std::string& title,
                                     PlotFormat format);

}  // namespace seamount::tools
