#include "emulator/core/program/lockstep_program.hpp"

#include <algorithm>
#include <bit>

#include "isa/base/assert.hpp"
#include "isa/microcode/instruction.hpp"

namespace seamount::emu {
namespace {

using isa::Format;
using isa::Opcode;

constexpr std::uint32_t kFlagBit = 1U << 16;

struct Uses {
    bool dst = false;
    bool a = false;
    bool b = false;
};

Uses uses_of(Format format) {
    switch (format) {
        case Format::kDstA:
        case Format::kDstAImm:
            return {true, true, false};
        case Format::kDstAB:
        case Format::kDstABImm:
            return {true, true, true};
        case Format::kCompare:
        case Format::kAccAB:
            return {false, true, true};
        case Format::kDstAccImm:
        case Format::kDstWide:
        case Format::kDstImm:
            return {true, false, false};
        case Format::kAImm:
            return {false, true, false};
        case Format::kNone:
        case Format::kBranch:
            break;
    }
    return {};
}

std::uint8_t entry_of(const isa::Operand& operand) {
    return static_cast<std::uint8_t>(static_cast<unsigned>(operand.bank) * 16U + operand.index);
}

MicroOp resolve(const isa::Instruction& i, std::size_t pc) {
    MicroOp op;
    op.op = i.op;
    op.pred = i.pred;
    op.mode = i.mode;
    op.accumulator = i.accumulator;
    op.dst = entry_of(i.dst);
    op.a = entry_of(i.a);
    op.b = entry_of(i.b);
    op.cycles = static_cast<std::uint8_t>(isa::info(i.op).cycles);
    op.imm = i.imm;
    if (i.op == Opcode::kBf) op.imm += static_cast<std::int32_t>(pc);
    if (i.op == Opcode::kTrc) op.dst = static_cast<std::uint8_t>(kTraceEntry + i.imm);
    return op;
}

FusedProgram fused_program(std::span<const MicroOp> ops) {
    const auto is = [ops](const auto& program) { return std::ranges::equal(ops, program); };
    if (is(fused::kLoihi1Cuba)) return FusedProgram::kLoihi1Cuba;
    if (is(fused::kLif)) return FusedProgram::kLif;
    if (is(fused::kLifReset)) return FusedProgram::kLifReset;
    if (is(fused::kSoftResetLif)) return FusedProgram::kSoftResetLif;
    return FusedProgram::kNone;
}

}  // namespace

LockstepProgram::LockstepProgram(std::span<const std::uint32_t> words,
                                 const isa::AccumulateRules& rules)
    : rules_{rules} {
    std::uint32_t written = 0;    // registers (and F) that every lane has written by now
    std::uint32_t touched = 0;    // state words named
    std::size_t covered_to = 0;   // words below this one may be jumped over
    bool may_have_ended = false;  // some lane may not get here

    const auto read = [&](std::uint8_t entry) {
        if (entry < kStateEntry) {
            zeroed_registers_ |= (1U << entry) & ~written;
        } else if (entry < kParameterEntry) {
            touched |= 1U << (entry - kStateEntry);
        } else if (entry < kConstantEntry) {
            used_parameters_ |= 1U << (entry - kParameterEntry);
        }
    };
    for (std::size_t pc = 0; pc < words.size(); ++pc) {
        const auto decoded = isa::decode(words[pc]);
        SM_ASSERT(decoded.has_value(), "the microcode was not checked");
        const isa::Instruction& i = *decoded;
        const MicroOp op = resolve(i, pc);
        ops_.push_back(op);

        // A register that only some lanes skip is written for all lanes that can still read it.
        const bool always = i.pred == isa::Predicate::kAlways;
        const bool definite = always && pc >= covered_to;
        const Uses uses = uses_of(isa::info(i.op).format);
        if (uses.a) read(op.a);
        if (uses.b) read(op.b);
        if (!always || i.op == Opcode::kSel || (i.op == Opcode::kCmp && i.mode != 0)) {
            zeroed_registers_ |= kFlagBit & ~written;
        }
        if (uses.dst) {
            if (op.dst < kStateEntry) {
                if (definite) written |= 1U << op.dst;
            } else {
                written_states_ |= 1U << (op.dst - kStateEntry);
            }
        }
        const std::uint32_t accumulator = 1U << op.accumulator;
        switch (i.op) {
            case Opcode::kCmp:
                if (definite) written |= kFlagBit;
                break;
            case Opcode::kRdc:
                if (definite && !may_have_ended) cleared_accumulators_ |= accumulator;
                read_accumulators_ |= accumulator;
                break;
            case Opcode::kPeek:
                read_accumulators_ |= accumulator;
                break;
            case Opcode::kPsh:
                pushed_accumulators_ |= accumulator;
                break;
            case Opcode::kSpk:
                ++spike_ops_;
                break;
            case Opcode::kTrc:
                uses_traces_ = true;
                break;
            case Opcode::kBf:
                covered_to = std::max(covered_to, static_cast<std::size_t>(op.imm));
                break;
            case Opcode::kEnd:
                may_have_ended = true;
                break;
            default:
                break;
        }
    }
    state_words_ = static_cast<std::uint32_t>(std::bit_width(touched | written_states_));
    fused_ = fused_program(ops_);
}

}  // namespace seamount::emu
