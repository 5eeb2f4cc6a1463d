#pragma once

#include <string>

#include "tools/neuron/neuron_bench.hpp"

namespace seamount::tools {

enum class PlotFormat : std::uint8_t { kSvg, kPng };

/// The picture of a trace as the bytes of a file: inputs, recorded quantities and spikes, one panel
/// each, over the steps. A panel has two points per pixel at most (lowest and highest value there).
[[nodiscard]] std::string plot_trace(const NeuronTrace& trace, const std::string& title,
                                     PlotFormat format);

}  // namespace seamount::tools
