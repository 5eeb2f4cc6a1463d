#pragma once

#include <memory>
#include <optional>

#include "compiler/frontend/context/context.hpp"
#include "compiler/frontend/context/ids.hpp"
#include "compiler/frontend/rules/topology/edge_list.hpp"
#include "compiler/frontend/rules/topology/topology.hpp"

namespace seamount::compiler::frontend {

/// The two ends of a projection as far as they are known; a size of 0 means that the end was read
/// with errors.
struct ProjectionEnds {
    std::uint32_t sources = 0;
    std::uint32_t targets = 0;
    std::vector<std::uint32_t> source_shape;
    std::vector<std::uint32_t> target_shape;
    bool recurrent = false;    ///< both ends are the same population
    std::uint32_t number = 0;  ///< index of the projection: random numbers depend on it
    EndIds ids;
};

enum class Rule : std::uint8_t {
    kAllToAll,
    kOneToOne,
    kFixedProbability,
    kFixedFanOut,
    kList,
    kDistance
};

/// A projection's rule. Without topology it was read with errors, or an end is not known.
struct RuleSpec {
    std::optional<Rule> rule;
    std::shared_ptr<const Topology> topology;
    // Rule kList only:
    std::shared_ptr<const EdgeList> edges;
    std::optional<DataArray> table;  ///< (E, ...) as in the file
};

/// Reads `rule` and the keys that belong to it from a projection's map. Keys of other rules are
/// reported (NET-RULE).
[[nodiscard]] RuleSpec read_rule(Context& context, const YamlNode& projection,
                                 const ProjectionEnds& ends);

/// Index of the column of an edge table with this name: as its header says, or source, target,
/// weight, delay in this order.
[[nodiscard]] std::optional<std::uint64_t> edge_column(const DataArray& table,
                                                       const std::string& name);

}  // namespace seamount::compiler::frontend
