#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "compiler/frontend/context/context.hpp"
#include "compiler/frontend/context/ids.hpp"
#include "compiler/frontend/rows/topology/edge_list.hpp"
#include "compiler/frontend/rows/topology/topology.hpp"
#include "isa/yaml/form.hpp"

namespace seamount::compiler::frontend {

/// The two ends of a projection as far as they are known; a size of 0 means that the end was read
/// with errors.
struct ProjectionEnds {
    std::uint32_t sources = 0;  ///< of the part, if it is one
    std::uint32_t targets = 0;
    std::vector<std::uint32_t> source_shape;
    std::vector<std::uint32_t> target_shape;
    bool recurrent = false;    ///< both ends are the same population, or the same part of it
    std::uint32_t number = 0;  ///< index of the projection: random numbers depend on it
    EndIds ids;
    /// Null: all of the population or input.
    SharedPart source_part{};
    SharedPart target_part{};

    [[nodiscard]] bool known() const noexcept { return sources != 0 && targets != 0; }
};

struct ProjectionRule;

/// The targets that a rule chooses. Without topology it was read with errors, or an end is not
/// known.
struct RuleSpec {
    const ProjectionRule* rule = nullptr;  ///< null: the file names none that there is
    std::shared_ptr<const Topology> topology;
    // Rules with edge_table only:
    std::shared_ptr<const EdgeList> edges;
    std::optional<DataArray> table;  ///< (E, ...) as in the file
};

/// What a rule reads its keys from.
struct RuleRequest {
    Context& context;
    const YamlNode& projection;
    const ProjectionEnds& ends;

    /// The ends with what `self` says, which has no meaning between two populations (NET-RULE).
    [[nodiscard]] Ends read_self() const;
    /// The random numbers that choose targets.
    [[nodiscard]] RowRandom random() const;
};

/// What `rule:` of a projection may name. A rule is a header of its own in this folder and a row
/// of rule_table.cpp, which alone includes it. Exactly one of the two readers is there.
struct ProjectionRule {
    const char* name;
    const char* meaning;          ///< for the manual
    const yaml::Form& (*keys)();  ///< of the projection that belong to it
    bool edge_table = false;      ///< targets stand in a table, whose columns may hold values
    bool value_per_edge = false;  ///< values may be a list with one for each synapse

    /// Reads the keys of a rule that chooses targets; weights, delays and the scale are read by the
    /// keys that all of these rules have.
    RuleSpec (*read_targets)(const RuleRequest& request) = nullptr;
    /// Reads all of a rule that makes the rows itself, and sets those of the projection. Returns
    /// how many synapses there are.
    std::uint64_t (*read_rows)(const RuleRequest& request, Projection& projection) = nullptr;
};

}  // namespace seamount::compiler::frontend
