#pragma once

#include <cstdint>
#include <optional>

#include "isa/microcode/opcode.hpp"

namespace seamount::isa {

/// A source operand: register r0..15, state s0..15, parameter p0..15 or constant #0..15 of
/// kConstants.
struct Operand {
    enum class Bank : std::uint8_t { kRegister = 0, kState = 1, kParameter = 2, kConstant = 3 };
    Bank bank = Bank::kRegister;
    std::uint8_t index = 0;  ///< 0..15

    friend bool operator==(const Operand&, const Operand&) = default;
};

/// One decoded instruction. Fields that its format does not use are zero.
///
/// Word: op[31:27] dst[26:22] a[21:16] b[15:10] imm[9:5] mode[4:2] pred[1:0].
/// dst: 0-15 registers, 16-31 state. a, b: bank[5:4] index[3:0]. LDI and BF join a, b and imm to 17
/// bits.
struct Instruction {
    Opcode op = Opcode::kEnd;
    Operand dst;  ///< register or state
    Operand a;
    Operand b;
    std::uint8_t accumulator = 0;  ///< 0..3, of RDC, PEEK and PSH
    std::int32_t imm =
        0;  ///< shift, bits, channel; Comparison of CMP; value of LDI; distance of BF
    std::uint8_t mode = 0;  ///< Condition, Combine or Draw, as info(op).modes says
    Predicate pred = Predicate::kAlways;

    friend bool operator==(const Instruction&, const Instruction&) = default;
};

/// Packs a legal instruction. Every legal instruction has exactly one word.
/// Requires: is_legal(instruction).
[[nodiscard]] std::uint32_t encode(const Instruction& instruction);

/// Unpacks a word; nothing if the word is not the encoding of a legal instruction.
[[nodiscard]] std::optional<Instruction> decode(std::uint32_t word);

/// True if all fields are in range and unused fields are zero.
[[nodiscard]] bool is_legal(const Instruction& instruction);

}  // namespace seamount::isa
