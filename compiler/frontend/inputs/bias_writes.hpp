#pragma once

#include "compiler/frontend/context/context.hpp"

namespace seamount::compiler::frontend {

/// Reads an input that writes a program argument of a population (`target`, `bias`, `arg`): its
/// samples become final values of the one state word that depends on the argument. An argument
/// that feeds a parameter, no state word or several is an error (NET-WRITE).
void read_bias_writes(Context& context, const YamlNode& node, isa::InputImage& image);

}  // namespace seamount::compiler::frontend
