#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "emulator/core/program/micro_op.hpp"

// Data only, and functions that exist at compile time only: the kernels include it.
namespace seamount::emu {

/// Neuron programs that the kernels hold as a whole: one loop over the lanes instead of one per
/// instruction, so that what a lane computes stays in vector registers. Which programs they are is
/// seen by their instructions, not by their names.
enum class FusedProgram : std::uint8_t {
    kNone,
    kLoihi1Cuba,   ///< configs/neurons/loihi1_cuba.asm
    kLif,          ///< lif.asm
    kLifReset,     ///< lif_reset.asm
    kSoftResetLif  ///< soft_reset_lif.asm
};

namespace fused {

using isa::Comparison;
using isa::Condition;
using isa::Opcode;
using isa::Predicate;

consteval std::uint8_t reg(int index) {
    return static_cast<std::uint8_t>(index);
}
consteval std::uint8_t state(int index) {
    return static_cast<std::uint8_t>(kStateEntry + index);
}
consteval std::uint8_t param(int index) {
    return static_cast<std::uint8_t>(kParameterEntry + index);
}
consteval std::uint8_t constant(std::int32_t value) {
    std::size_t index = 0;
    while (isa::kConstants[index] != value) ++index;  // of another value: does not compile
    return static_cast<std::uint8_t>(static_cast<std::size_t>(kConstantEntry) + index);
}
consteval std::uint8_t mode(Condition condition) {
    return static_cast<std::uint8_t>(condition);
}
consteval std::int32_t how(Comparison comparison) {
    return static_cast<std::int32_t>(comparison);
}
template <std::size_t N>
consteval std::array<MicroOp, N> program(const MicroOp (&ops)[N]) {
    std::array<MicroOp, N> all{};
    for (std::size_t pc = 0; pc < N; ++pc) {
        all[pc] = ops[pc];
        all[pc].cycles = static_cast<std::uint8_t>(isa::info(ops[pc].op).cycles);
    }
    return all;
}

inline constexpr auto kLoihi1Cuba = program({
    {.op = Opcode::kRdc, .mode = mode(Condition::kWrap22), .dst = reg(0), .imm = 6},
    {.op = Opcode::kCmp, .a = state(5), .b = constant(0), .imm = how(Comparison::kEq)},
    {.op = Opcode::kBf, .pred = Predicate::kIfSet, .imm = 9},
    {.op = Opcode::kRnd, .mode = 1, .dst = reg(1), .imm = 8},
    {.op = Opcode::kAdd, .dst = reg(1), .a = reg(1), .b = param(5)},
    {.op = Opcode::kMulz, .dst = reg(1), .a = reg(1), .b = param(6), .imm = 7},
    {.op = Opcode::kCmp, .a = param(7), .b = constant(0), .imm = how(Comparison::kNe)},
    {.op = Opcode::kMov, .pred = Predicate::kIfSet, .dst = reg(2), .a = reg(1)},
    {.op = Opcode::kAdd,
     .pred = Predicate::kIfClear,
     .mode = mode(Condition::kWrap22),
     .dst = reg(0),
     .a = reg(0),
     .b = reg(1)},
    {.op = Opcode::kMulz, .dst = reg(1), .a = state(1), .b = param(0), .imm = 12},
    {.op = Opcode::kAdd,
     .mode = mode(Condition::kWrap24),
     .dst = state(1),
     .a = reg(1),
     .b = reg(0)},
    {.op = Opcode::kAdd, .dst = reg(3), .a = state(1), .b = state(2)},
    {.op = Opcode::kAdd, .mode = mode(Condition::kWrap24), .dst = reg(3), .a = reg(3), .b = reg(2)},
    {.op = Opcode::kMulz, .dst = reg(1), .a = state(0), .b = param(1), .imm = 12},
    {.op = Opcode::kAdd, .dst = reg(1), .a = reg(1), .b = reg(3)},
    {.op = Opcode::kMax, .dst = reg(1), .a = reg(1), .b = param(2)},
    {.op = Opcode::kMin, .dst = reg(1), .a = reg(1), .b = param(3)},
    {.op = Opcode::kMax, .dst = state(4), .a = state(4), .b = constant(1)},
    {.op = Opcode::kSub, .dst = state(4), .a = state(4), .b = constant(1)},
    {.op = Opcode::kCmp, .a = state(4), .b = constant(0), .imm = how(Comparison::kGt)},
    {.op = Opcode::kSel, .dst = state(0), .a = constant(0), .b = reg(1)},
    {.op = Opcode::kCmp, .a = state(0), .b = state(3), .imm = how(Comparison::kGt)},
    {.op = Opcode::kSpk, .pred = Predicate::kIfSet, .a = constant(1)},
    {.op = Opcode::kMov, .pred = Predicate::kIfSet, .dst = state(0), .a = constant(0)},
    {.op = Opcode::kMov, .pred = Predicate::kIfSet, .dst = state(4), .a = param(4)},
    {.op = Opcode::kEnd},
});

// What the neurons after lava's have in common.
inline constexpr MicroOp kReadInput{.op = Opcode::kRdc, .dst = reg(0), .imm = 6};
inline constexpr MicroOp kDecayCurrent{
    .op = Opcode::kMulz, .dst = reg(1), .a = state(0), .b = param(0), .imm = 12};
inline constexpr MicroOp kAddInput{.op = Opcode::kAdd,
                                   .mode = mode(Condition::kWrapLava),
                                   .dst = state(0),
                                   .a = reg(1),
                                   .b = reg(0)};
inline constexpr MicroOp kDecayVoltage{
    .op = Opcode::kMulz, .dst = reg(1), .a = state(1), .b = param(1), .imm = 12};
inline constexpr MicroOp kAddCurrent{.op = Opcode::kAdd, .dst = reg(1), .a = reg(1), .b = state(0)};
inline constexpr MicroOp kAddBias{
    .op = Opcode::kAdd, .mode = mode(Condition::kSat24), .dst = reg(1), .a = reg(1), .b = state(2)};
inline constexpr MicroOp kCompareSum{
    .op = Opcode::kCmp, .a = reg(1), .b = param(2), .imm = how(Comparison::kGt)};
inline constexpr MicroOp kSpike{.op = Opcode::kSpk, .pred = Predicate::kIfSet, .a = constant(1)};
inline constexpr MicroOp kResetVoltage{
    .op = Opcode::kSel, .dst = state(1), .a = constant(0), .b = reg(1)};

inline constexpr auto kLif = program({kReadInput,
                                      kDecayCurrent,
                                      kAddInput,
                                      kDecayVoltage,
                                      kAddCurrent,
                                      kAddBias,
                                      kCompareSum,
                                      kSpike,
                                      kResetVoltage,
                                      {.op = Opcode::kEnd}});

inline constexpr auto kLifReset = program({
    {.op = Opcode::kCmp, .a = state(3), .b = constant(0), .imm = how(Comparison::kEq)},
    {.op = Opcode::kMov, .pred = Predicate::kIfSet, .dst = state(0), .a = constant(0)},
    {.op = Opcode::kMov, .pred = Predicate::kIfSet, .dst = state(1), .a = constant(0)},
    {.op = Opcode::kMov, .pred = Predicate::kIfSet, .dst = state(3), .a = param(3)},
    {.op = Opcode::kSub, .dst = state(3), .a = state(3), .b = constant(1)},
    kReadInput,
    kDecayCurrent,
    kAddInput,
    kDecayVoltage,
    kAddCurrent,
    kAddBias,
    kCompareSum,
    kSpike,
    kResetVoltage,
    {.op = Opcode::kEnd},
});

inline constexpr auto kSoftResetLif = program({
    kReadInput,
    kDecayCurrent,
    kAddInput,
    kDecayVoltage,
    kAddCurrent,
    {.op = Opcode::kAdd,
     .mode = mode(Condition::kSat24),
     .dst = state(1),
     .a = reg(1),
     .b = state(2)},
    {.op = Opcode::kCmp, .a = state(1), .b = param(2), .imm = how(Comparison::kGt)},
    kSpike,
    {.op = Opcode::kSub, .pred = Predicate::kIfSet, .dst = state(1), .a = state(1), .b = param(2)},
    {.op = Opcode::kEnd},
});

}  // namespace fused
}  // namespace seamount::emu
