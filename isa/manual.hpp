#pragma once

#include <string>

#include "isa/opcode.hpp"

namespace seamount::isa {

/// How an operation is written in assembly: `MULZ[.cond] d, a, b, n`.
[[nodiscard]] std::string syntax(Opcode op);

/// The instruction table of isa/README.md as Markdown, rendered from opcodes.def.
[[nodiscard]] std::string manual();

}  // namespace seamount::isa
