#pragma once

#include <optional>
#include <string>
#include <vector>

#include "compiler/frontend/projections/rules/rule.hpp"

namespace seamount::compiler::frontend {

/// A population or input that a projection comes from, or the part of one.
struct Origin {
    SourceRef from;
    std::string name;         ///< as the file has it
    SharedPart part;          ///< null: all of it
    std::uint32_t size = 0;   ///< sources of the projection that it gives
    std::uint32_t first = 0;  ///< the first of these
};

/// What `from` and `to` of a projection name.
struct NamedEnds {
    std::vector<Origin> origins;  ///< one, or those of a list in its order; empty: an error in one
    std::optional<std::uint32_t> target;  ///< index of the population
    ProjectionEnds ends;                  ///< what the rule sees: all origins behind each other
};

/// Reads `from`, a name or a list of names, and `to` of a projection with this number. Origins of
/// shapes that differ in nothing but the first dimension are joined along it.
[[nodiscard]] NamedEnds read_ends(Context& context, const YamlNode& projection,
                                  std::uint32_t number);

/// The rows of one of the origins between the wholes, from those that the rule made.
void put_into_wholes(const NamedEnds& named, std::size_t origin, Projection& projection);

}  // namespace seamount::compiler::frontend
