#pragma once

#include <cstdint>

#include "compiler/partition/hypergraph/assignment.hpp"

namespace seamount::compiler {

/// How refinement goes about it.
struct Annealing {
    std::uint32_t sweeps = 10;  ///< how often every vertex is looked at
    double temperature = 0.0;   ///< packets; falls to 0 towards the last sweep
    std::uint64_t seed = 1;
    std::uint32_t patience = 1;  ///< vertices without a move worth trying are looked at every so
                                 ///< many sweeps, and in the last one
    double settled = 0.0;  ///< ends early when the last four sweeps changed the cost by no more
                           ///< than this share
    /// Compartments that a part keeps: unless it exceeds a limit, no vertex leaves one that has
    /// fewer. Else the least wanted part is emptied, all room is there, and nothing can move.
    std::uint64_t least = 0;
};

/// Moves single vertices between parts so that the cost falls: each vertex goes to the part with
/// the best exact gain among those that have room, worse ones with probability exp(gain /
/// temperature). Vertices leave parts that exceed a limit whatever the gain. Ends with the best
/// partition seen among those that keep the limits, so that it never worsens one that does.
/// Deterministic.
///
/// Returns true if all parts keep the limits.
bool refine(Assignment& assignment, const Annealing& annealing);

}  // namespace seamount::compiler
