#pragma once

#include "compiler/place/search/arrangement.hpp"

namespace seamount::compiler {

/// Exchanges shards between cores so that packets travel fewer hops, by simulated annealing. Never
/// ends with more hops than it began with. Deterministic.
void anneal_placement(std::uint64_t seed, Arrangement& arrangement);

}  // namespace seamount::compiler
