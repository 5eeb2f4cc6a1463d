#pragma once

#include <cstdint>

#include "isa/microcode/opcode.hpp"

namespace seamount::emu {

/// One instruction with its operands resolved to entries of the block's pointer tables.
struct MicroOp {
    isa::Opcode op = isa::Opcode::kEnd;
    isa::Predicate pred = isa::Predicate::kAlways;
    std::uint8_t mode = 0;         ///< isa::Condition, Combine or Draw
    std::uint8_t accumulator = 0;  ///< of RDC, PEEK and PSH
    std::uint8_t dst = 0;          ///< entry of Block::targets
    std::uint8_t a = 0;            ///< entry of Block::sources
    std::uint8_t b = 0;
    std::uint8_t cycles = 0;
    std::int32_t imm = 0;  ///< as isa::Instruction; BF: the word that it leads to

    friend bool operator==(const MicroOp&, const MicroOp&) = default;
};

/// Sources: 0-15 registers, 16-31 state, 32-47 parameters, 48-63 constants.
inline constexpr int kSources = 64;
/// Targets: 0-15 registers, 16-31 state, 32-35 trace registers.
inline constexpr int kTargets = 36;
inline constexpr int kStateEntry = 16;
inline constexpr int kParameterEntry = 32;
inline constexpr int kConstantEntry = 48;
inline constexpr int kTraceEntry = 32;

}  // namespace seamount::emu
