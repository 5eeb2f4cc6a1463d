#pragma once

#include <cstdint>
#include <vector>

#include "compiler/frontend/context/context.hpp"

namespace seamount::compiler::frontend {

/// Reads `classes:` of a readout, one for each of `cells` (0: not known because of an error): a
/// list, {values: ...} or {file: ...}. Empty if `node` is not there, or after a problem; that no
/// cell has a class is one (NET-READOUT).
[[nodiscard]] std::vector<std::int32_t> read_classes(Context& context, const YamlNode& node,
                                                     std::uint32_t cells);

/// Reads `weights:` of a readout likewise.
[[nodiscard]] std::vector<std::int32_t> read_votes(Context& context, const YamlNode& node,
                                                   std::uint32_t cells);

/// Warns at `node` of labels that are of no cell (NET-READOUT): these samples are never right.
void warn_of_labels(const YamlNode& node, const isa::ReadoutImage& readout,
                    const std::vector<std::int32_t>& labels);

}  // namespace seamount::compiler::frontend
