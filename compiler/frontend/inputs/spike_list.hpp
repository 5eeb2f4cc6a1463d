#pragma once

#include "compiler/frontend/context/context.hpp"

namespace seamount::compiler::frontend {

/// Reads the [step, index] pairs of an input, inline or from a file, in any order. A pair that is
/// given twice is an error (NET-SPIKES): a source spikes at most once per step.
void read_spikes(Context& context, const YamlNode& node, isa::InputImage& image);

}  // namespace seamount::compiler::frontend
