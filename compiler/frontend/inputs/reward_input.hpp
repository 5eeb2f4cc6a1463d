#pragma once

#include "compiler/frontend/context/context.hpp"

namespace seamount::compiler::frontend {

/// Reads an input that gives rewards (`reward`, `values`): [step, value] pairs, inline or from a
/// file, in any order; two of one step are an error (NET-SPIKES).
void read_reward_input(Context& context, const YamlNode& node, isa::InputImage& image);

}  // namespace seamount::compiler::frontend
