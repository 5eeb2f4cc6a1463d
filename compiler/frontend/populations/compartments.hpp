#pragma once

#include <string>
#include <vector>

#include "compiler/frontend/context/context.hpp"

namespace seamount::compiler::frontend {

/// What a compartment does with what its children push; programs get the number.
enum class Join : std::uint8_t { kAdd, kMax, kMin, kPass };
inline constexpr auto kJoinNames = name_table<Join>({
    {Join::kAdd, "add"},
    {Join::kMax, "max"},
    {Join::kMin, "min"},
    {Join::kPass, "pass"},
});

/// One compartment of every cell of a population as the user wrote it: becomes a population of its
/// own, named "cell.compartment".
struct CompartmentEntry {
    std::string name;
    YamlNode node;
    std::uint32_t parent = 0;  ///< place in the list; its own if it is the root
    std::uint32_t child = 0;   ///< which of its parent's children it is
    std::uint32_t children = 0;
    Join join = Join::kAdd;
};

/// Reads the list `compartments:` without programs and arguments. Reports NET-COMPARTMENT if it is
/// not one tree with children before parents; then the result is empty.
[[nodiscard]] std::vector<CompartmentEntry> read_compartments(const YamlNode& list);

/// Sets the arguments that follow from the tree: `child` (which accumulator of the parent gets what
/// it pushes), `join` and `children`. Reports NET-COMPARTMENT if the program does not have them.
void bind_compartment(const CompartmentEntry& entry, bool is_root, Population& population);

}  // namespace seamount::compiler::frontend
