#pragma once

#include <string>

#include "tools/neuron/neuron_bench.hpp"

namespace seamount::tools {

/// A line per step: inputs, records, the payloads of the spikes.
[[nodiscard]] std::string trace_csv(const NeuronTrace& trace);
/// The same as a table to be read.
[[nodiscard]] std::string trace_table(const NeuronTrace& trace);
/// How often and how regularly it spiked, and between which values its records were.
[[nodiscard]] std::string trace_summary(const std::string& program, const NeuronTrace& trace);

}  // namespace seamount::tools
