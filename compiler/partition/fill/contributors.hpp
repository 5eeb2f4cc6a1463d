#pragma once

#include <cstdint>
#include <string>

#include "compiler/ir/lowered.hpp"

namespace seamount::compiler {

/// What takes most of a limited resource of a shard, as the end of a sentence: "; largest
/// contributor: projection 'conv2->conv3' (net.yaml:41) with 3,100". Known for "input_axons",
/// "output_axons", "synapse_bits", "synapses" and "compartments"; empty for others. Every neuron
/// must have a shard. Walks all synapses once.
[[nodiscard]] std::string largest_contributor(const Lowered& lowered, const Mapping& mapping,
                                              ShardId shard, const std::string& limit);

}  // namespace seamount::compiler
