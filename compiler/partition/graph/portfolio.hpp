#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "compiler/ir/mapping_method.hpp"
#include "compiler/partition/hypergraph/assignment.hpp"

namespace seamount::compiler {

struct PortfolioOptions {
    Partitioner partitioner = Partitioner::kAuto;  ///< any that works on graphs
    std::uint32_t effort = 5;                      ///< 0 fastest .. 9 best
    std::uint64_t seed = 1;
    bool may_be_random = true;  ///< whether to look for, and stop at, a lack of structure
    bool polishes = true;    ///< false: leaves annealing to a later call with the cut as `known`,
                             ///< unless vertices are merged
    std::uint64_t pins = 0;  ///< of the network before anything was merged; 0: those of the graph
    /// Whether to stop as soon as what was found needs kGiveUpFactor times the axons of all cores.
    bool gives_up = true;
    std::function<void(const std::string&)> progress{};  ///< hears what is being tried
    /// Cores to use at least: each gets its share of compartments and synapses; 0: as few as fit.
    std::uint32_t spread = 0;
};

/// A partition that somebody found.
struct Cut {
    std::vector<std::uint32_t> part_of;  ///< per vertex
    std::uint32_t parts = 0;
    std::uint64_t cost = 0;
    bool fits = false;         ///< all parts keep the limits
    std::string how;           ///< the seed that led to it, for reports
    bool is_random = false;    ///< the network has no structure that a mapping could use
    bool is_final = false;     ///< nothing is left to be polished
    double need = 0.0;         ///< its axons, as a share of those that all cores have
    bool is_hopeless = false;  ///< the search gave up: see PortfolioOptions::gives_up
};

/// Cut::how of a pass over the vertices in their order.
inline constexpr const char* kByOrder = "streaming";

/// Up to this effort no search follows where the order of the neurons already keeps partners
/// together, or where one pass over them saves nothing.
inline constexpr std::uint32_t kQuickEffort = 1;

/// A search is given up if a quick mapping needs so many times what the chip has.
inline constexpr double kGiveUpFactor = 1.5;

/// Partitions into at most `cores` parts by several seeds and keeps the best: one that keeps the
/// limits, then the cheapest. With a `known` cut it starts from that one instead of the seeds if it
/// can. Deterministic.
[[nodiscard]] Cut find_cut(const Hypergraph& graph, std::uint32_t cores, const PartLimits& limits,
                           const PortfolioOptions& options, const Cut* known = nullptr);

/// What a net of so many pins would cost, at rate 1, if they lay in any of `parts` parts by chance.
[[nodiscard]] double net_by_chance(double pins, std::uint32_t parts);

/// What the nets would cost if their pins lay in any of `parts` parts by chance.
[[nodiscard]] double cost_by_chance(const Hypergraph& graph, std::uint32_t parts);

/// Parts that the resources which simply add up need at least.
[[nodiscard]] std::uint32_t fewest_parts(const Hypergraph& graph, const PartLimits& limits);

}  // namespace seamount::compiler
