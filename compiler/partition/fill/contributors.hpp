#pragma once

#include <cstdint>
#include <string>

#include "compiler/ir/lowered.hpp"
#include "isa/chip/core_limits.hpp"

namespace seamount::compiler {

/// A part of the network that takes most of a limited resource of a shard.
struct Contributor {
    std::string what;  ///< "projection 'conv2->conv3'"; empty: nobody can say (isa::TakenBy::kAll)
    SourceLocation where;
    std::uint64_t amount = 0;
    isa::TakenBy by = isa::TakenBy::kAll;
};

/// Every neuron must have a shard. Walks the synapses that end there, or start there.
[[nodiscard]] Contributor contributor_to(const Lowered& lowered, const Mapping& mapping,
                                         ShardId shard, isa::CoreLimit limit);

/// What takes most of a limited resource of a shard, as the end of a sentence: "; largest
/// contributor: projection 'conv2->conv3' (net.yaml:41) with 3,100". Empty if nobody can say
/// (isa::TakenBy::kAll). Every neuron must have a shard. Walks all synapses once.
[[nodiscard]] std::string largest_contributor(const Lowered& lowered, const Mapping& mapping,
                                              ShardId shard, isa::CoreLimit limit);

}  // namespace seamount::compiler
