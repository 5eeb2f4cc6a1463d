#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "isa/microcode/accumulate.hpp"
#include "isa/microcode/instruction.hpp"

namespace seamount::isa {

/// One instruction as assembly; branch targets print as `+n` words, which the assembler also reads.
[[nodiscard]] std::string to_string(const Instruction& instruction);

/// Names of the words of a program, for readable listings. Missing names print as s3, p0, a1.
struct Symbols {
    std::vector<std::string> params;
    std::vector<std::string> states;
    std::vector<std::string> accumulators;
    AccumulateRules combine{};  ///< prints with names only
};

/// The same with the names of a program.
[[nodiscard]] std::string to_string(const Instruction& instruction, const Symbols& symbols);

/// A listing that assembles back to exactly `words`: declarations of the symbols, labels L0, L1,
/// ... at branch targets, one instruction a line. Requires check_microcode(words).empty().
[[nodiscard]] std::string disassemble(const std::vector<std::uint32_t>& words,
                                      const Symbols& symbols = {});

}  // namespace seamount::isa
