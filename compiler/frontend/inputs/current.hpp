#pragma once

#include <cstdint>

#include "compiler/frontend/context/context.hpp"

namespace seamount::compiler::frontend {

inline constexpr std::int64_t kMaxCurrentSteps = std::int64_t{1} << 32U;

/// Reads an input that changes a program argument of a population while the network runs (`target`,
/// `current`, `arg`): which value is written in which step, each only where it differs from the one
/// before. Reports NET-INPUT for a current that is given by nothing or by two things, NET-VALUE for
/// values out of the range of the argument.
void read_current(Context& context, const YamlNode& node, isa::InputImage& image);

}  // namespace seamount::compiler::frontend
