#pragma once

#include <cstdint>
#include <vector>

#include "compiler/place/core_traffic.hpp"
#include "isa/spec/chip_spec.hpp"

namespace seamount::compiler {

/// What annealing may do.
struct PlacementSearch {
    std::vector<bool> movable;         ///< per shard; the others keep their cores
    std::vector<std::uint32_t> cores;  ///< that movable shards may use, their own among them
    std::uint64_t seed = 1;
};

/// Exchanges shards between cores so that packets travel fewer hops, by simulated annealing. Never
/// ends with more hops than it began with. Deterministic.
void anneal_placement(const CoreTraffic& traffic, const isa::ChipSpec& chip,
                      const PlacementSearch& search, std::vector<std::uint32_t>& core_of);

}  // namespace seamount::compiler
