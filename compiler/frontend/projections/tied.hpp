#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "compiler/frontend/projections/ends.hpp"
#include "compiler/frontend/rows/transposed_rows.hpp"

namespace seamount::compiler::frontend {

/// A projection with `tied:`, until the one that it names, which may stand behind it, is read.
struct Tied {
    YamlNode node;
    std::size_t projection = 0;  ///< index into Network::projections
    std::shared_ptr<TransposedRows> rows;
};

/// Reads what a projection with `tied:` has of its own, and reports the keys that it cannot have.
/// Null after a problem with its ends, which are two whole populations.
[[nodiscard]] std::shared_ptr<TransposedRows> read_tied(Context& context, const YamlNode& node,
                                                        const NamedEnds& named);

/// Gives them connections, weights and format of the projections that they are tied to, when all
/// have been read.
void tie_projections(Context& context, const std::vector<Tied>& all);

}  // namespace seamount::compiler::frontend
