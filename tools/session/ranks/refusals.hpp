#pragma once

#include "isa/base/diagnostic.hpp"
#include "isa/image/image.hpp"

namespace seamount::session {

/// Enters what a network asks for that runs on several ranks do not give (RUN-RANKS). `records`:
/// the run writes what its probes read.
void find_refusals(const isa::Image& image, bool records, Diagnostics& found);

}  // namespace seamount::session
