#pragma once

#include "compiler/place/search/arrangement.hpp"

namespace seamount::compiler {

/// What relieve_links() may give for it: hops, by at most this share.
inline constexpr double kHopsForLinks = 0.05;

/// Exchanges shards between cores so that the busiest links have less to carry, by simulated
/// annealing on the 8-norm of the times for which the links are busy. Loads are those of the routes
/// that packets take, around dead links too. Hops (weighted as in Arrangement) grow by at most
/// `hops_share`, and the busiest link is never busier than before. Deterministic.
void relieve_links(const CoreTraffic& traffic, std::uint64_t seed, double hops_share,
                   Arrangement& arrangement);

}  // namespace seamount::compiler
