#pragma once

#include <cstdint>
#include <string>

#include "isa/base/name_table.hpp"
#include "tools/neuron/neuron_bench.hpp"

namespace seamount::tools {

/// By the endings of files.
enum class PlotFormat : std::uint8_t { kSvg, kPng };
inline constexpr auto kPlotFormatNames =
    name_table<PlotFormat>({{PlotFormat::kSvg, "svg"}, {PlotFormat::kPng, "png"}});

/// The picture of a trace as the bytes of a file: inputs, recorded quantities and spikes, one panel
/// each, over the steps. A panel has two points per pixel at most (lowest and highest value there).
[[nodiscard]] std::string plot_trace(const NeuronTrace& trace, const std::string& title,
                                     PlotFormat format);

}  // namespace seamount::tools
