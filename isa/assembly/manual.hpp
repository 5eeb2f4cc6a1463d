#pragma once

#include <string>

#include "isa/microcode/opcode.hpp"

namespace seamount::isa {

/// How an operation is written in assembly: `MULZ[.cond] d, a, b, n`.
[[nodiscard]] std::string syntax(Opcode op);

/// The instruction table of isa/README.md as Markdown, rendered from opcodes.def.
[[nodiscard]] std::string manual();

/// An example of every operation with its word and what it does, as Markdown for isa/README.md:
/// each is assembled and run by the reference interpreter, with s0 = -100, s1 = 7, p0 = 3000, a0
/// = 5.
[[nodiscard]] std::string examples();

}  // namespace seamount::isa
