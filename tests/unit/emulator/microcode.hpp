#pragma once

#include <cstdint>
#include <initializer_list>
#include <vector>

#include "isa/microcode/instruction.hpp"

// Microcode of the emulator's tests, without the assembler: the tests need no other part of isa.
namespace seamount::testing::mc {

inline isa::Operand r(int i) {
    return {isa::Operand::Bank::kRegister, static_cast<std::uint8_t>(i)};
}
inline isa::Operand s(int i) {
    return {isa::Operand::Bank::kState, static_cast<std::uint8_t>(i)};
}
inline isa::Operand p(int i) {
    return {isa::Operand::Bank::kParameter, static_cast<std::uint8_t>(i)};
}
/// The constant #0 or #1 or #-1 ... by its place in isa::kConstants.
inline isa::Operand c(int i) {
    return {isa::Operand::Bank::kConstant, static_cast<std::uint8_t>(i)};
}
inline const isa::Operand kZero = c(0);
inline const isa::Operand kOne = c(1);
inline const isa::Operand kMinusOne = c(2);

inline isa::Instruction alu(isa::Opcode op, isa::Operand d, isa::Operand a, isa::Operand b = {},
                            int n = 0, isa::Condition cond = isa::Condition::kWrap32) {
    isa::Instruction i;
    i.op = op;
    i.dst = d;
    i.a = a;
    i.b = b;
    i.imm = n;
    i.mode = static_cast<std::uint8_t>(cond);
    return i;
}
inline isa::Instruction read(isa::Opcode op, isa::Operand d, int accumulator, int shift = 0) {
    isa::Instruction i;
    i.op = op;
    i.dst = d;
    i.accumulator = static_cast<std::uint8_t>(accumulator);
    i.imm = shift;
    return i;
}
inline isa::Instruction compare(isa::Comparison how, isa::Operand a, isa::Operand b) {
    isa::Instruction i;
    i.op = isa::Opcode::kCmp;
    i.a = a;
    i.b = b;
    i.imm = static_cast<std::int32_t>(how);
    return i;
}
inline isa::Instruction spike(isa::Operand payload, int channel = 0) {
    isa::Instruction i;
    i.op = isa::Opcode::kSpk;
    i.a = payload;
    i.imm = channel;
    return i;
}
inline isa::Instruction push(isa::Operand value, int accumulator, isa::Operand offset) {
    isa::Instruction i;
    i.op = isa::Opcode::kPsh;
    i.a = value;
    i.b = offset;
    i.accumulator = static_cast<std::uint8_t>(accumulator);
    return i;
}
inline isa::Instruction random_bits(isa::Operand d, int bits) {
    isa::Instruction i;
    i.op = isa::Opcode::kRnd;
    i.dst = d;
    i.imm = bits;
    return i;
}
inline isa::Instruction branch(int distance) {
    isa::Instruction i;
    i.op = isa::Opcode::kBf;
    i.imm = distance;
    return i;
}
inline isa::Instruction if_set(isa::Instruction i) {
    i.pred = isa::Predicate::kIfSet;
    return i;
}
inline isa::Instruction if_clear(isa::Instruction i) {
    i.pred = isa::Predicate::kIfClear;
    return i;
}

/// Encodes and appends the final END.
inline std::vector<std::uint32_t> program(std::initializer_list<isa::Instruction> instructions) {
    std::vector<std::uint32_t> words;
    for (const isa::Instruction& i : instructions) words.push_back(isa::encode(i));
    words.push_back(isa::encode(isa::Instruction{}));
    return words;
}

/// The 10-word leaky integrate-and-fire neuron: s0 current, s1 voltage, s2 bias; p0 = 4096 - du,
/// p1 = 4096 - dv, p2 = threshold << 6.
inline std::vector<std::uint32_t> lif() {
    using isa::Condition;
    using isa::Opcode;
    return program({read(Opcode::kRdc, r(0), 0, 6), alu(Opcode::kMulz, r(1), s(0), p(0), 12),
                    alu(Opcode::kAdd, s(0), r(1), r(0), 0, Condition::kWrapLava),
                    alu(Opcode::kMulz, r(2), s(1), p(1), 12), alu(Opcode::kAdd, r(2), r(2), s(0)),
                    alu(Opcode::kAdd, r(2), r(2), s(2), 0, Condition::kSat24),
                    compare(isa::Comparison::kGt, r(2), p(2)), if_set(spike(kOne)),
                    alu(Opcode::kSel, s(1), kZero, r(2))});
}

}  // namespace seamount::testing::mc
