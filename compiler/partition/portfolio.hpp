#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "compiler/partition/assignment.hpp"

namespace seamount::compiler {

enum class Strategy : std::uint8_t { kAuto, kStream, kMetis, kMultilevel };

struct PortfolioOptions {
    Strategy strategy = Strategy::kAuto;
    std::uint32_t effort = 5;  ///< 0 fastest .. 9 best
    std::uint64_t seed = 1;
    bool may_be_random = true;  ///< whether to look for, and stop at, a lack of structure
};

/// A partition that somebody found.
struct Cut {
    std::vector<std::uint32_t> part_of;  ///< per vertex
    std::uint32_t parts = 0;
    std::uint64_t cost = 0;
    bool fits = false;       ///< all parts keep the limits
    std::string how;         ///< the seed that led to it, for reports
    bool is_random = false;  ///< the network has no structure that a mapping could use
};

/// Partitions into at most `cores` parts by several seeds and keeps the best: one that keeps the
/// limits, then the cheapest. Deterministic.
[[nodiscard]] Cut find_cut(const Hypergraph& graph, std::uint32_t cores, const PartLimits& limits,
                           const PortfolioOptions& options);

/// What the nets would cost if their pins lay in any of `parts` parts by chance.
[[nodiscard]] double cost_by_chance(const Hypergraph& graph, std::uint32_t parts);

/// Parts that the resources which simply add up need at least.
[[nodiscard]] std::uint32_t fewest_parts(const Hypergraph& graph, const PartLimits& limits);

}  // namespace seamount::compiler
