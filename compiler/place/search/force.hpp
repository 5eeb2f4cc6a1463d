#pragma once

#include "compiler/place/search/arrangement.hpp"

namespace seamount::compiler {

/// Lets every shard follow the pull of its partners, each as strong as their traffic: it exchanges
/// places towards the point where they balance, or with a neighbour, as long as packets then travel
/// fewer hops. Ends where no shard gains much that way. Deterministic.
void settle_by_force(Arrangement& arrangement);

}  // namespace seamount::compiler
