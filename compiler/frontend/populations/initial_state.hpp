#pragma once

#include "compiler/frontend/context/context.hpp"

namespace seamount::compiler::frontend {

/// Reads `initial:` of the next population of the network, whose program and arguments are known:
/// what its state words start with, whatever the program computes them from. Values are given,
/// computed or drawn as arguments are, in the units of the word. Reports NET-INITIAL for words that
/// there are not, that the compiler writes, or whose value an argument that is given decides.
void read_initial_state(Context& context, const YamlNode& initial, Population& population);

}  // namespace seamount::compiler::frontend
