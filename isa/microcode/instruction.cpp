#include "isa/microcode/instruction.hpp"

#include "isa/base/assert.hpp"

namespace seamount::isa {
namespace {

constexpr std::uint32_t kWideMask = 0x1FFFF;

bool is_wide(Format format) {
    return format == Format::kDstWide || format == Format::kBranch;
}

bool is_operand(const Operand& operand, bool used) {
    return used ? operand.bank <= Operand::Bank::kConstant && operand.index < 16
                : operand == Operand{};
}

std::uint32_t pack(const Operand& operand) {
    return (static_cast<std::uint32_t>(operand.bank) << 4) | operand.index;
}

Operand unpack(std::uint32_t field) {
    return {static_cast<Operand::Bank>(field >> 4), static_cast<std::uint8_t>(field & 15U)};
}

std::int32_t wide_immediate(Opcode op, std::uint32_t field) {
    const auto raw = static_cast<std::int32_t>(field);
    return op == Opcode::kLdi && raw > 0xFFFF ? raw - 0x20000 : raw;
}

}  // namespace

bool is_legal(const Instruction& i) {
    if (static_cast<std::size_t>(i.op) >= kOpTable.size()) return false;
    const Fields used = fields(i.op);
    return is_operand(i.dst, used.dst) && i.dst.bank <= Operand::Bank::kState &&
           is_operand(i.a, used.a) && is_operand(i.b, used.b) &&
           i.accumulator < (used.accumulator ? kAccumulators : 1) && i.imm >= used.min_imm &&
           i.imm <= used.max_imm && i.mode < mode_count(info(i.op).modes) &&
           i.pred <= Predicate::kIfClear;
}

std::uint32_t encode(const Instruction& i) {
    SM_ASSERT(is_legal(i), info(i.op).name);
    std::uint32_t word = (static_cast<std::uint32_t>(i.op) << 27) | (pack(i.dst) << 22) |
                         (static_cast<std::uint32_t>(i.mode) << 2) |
                         static_cast<std::uint32_t>(i.pred);
    const Format format = info(i.op).format;
    if (is_wide(format)) return word | ((static_cast<std::uint32_t>(i.imm) & kWideMask) << 5);
    word |= (pack(i.b) << 10) | (static_cast<std::uint32_t>(i.imm) << 5);
    if (format == Format::kDstAccImm) {
        word |= static_cast<std::uint32_t>(i.accumulator) << 16;
    } else {
        word |= (pack(i.a) << 16) | (static_cast<std::uint32_t>(i.accumulator) << 5);
    }
    return word;
}

std::optional<Instruction> decode(std::uint32_t word) {
    if ((word >> 27) >= kOpTable.size()) return std::nullopt;
    Instruction i;
    i.op = static_cast<Opcode>(word >> 27);
    i.dst = unpack((word >> 22) & 31U);
    i.mode = static_cast<std::uint8_t>((word >> 2) & 7U);
    i.pred = static_cast<Predicate>(word & 3U);
    const Format format = info(i.op).format;
    const std::uint32_t a = (word >> 16) & 63U;
    const std::uint32_t imm = (word >> 5) & 31U;
    if (is_wide(format)) {
        i.imm = wide_immediate(i.op, (word >> 5) & kWideMask);
    } else {
        i.b = unpack((word >> 10) & 63U);
        if (format == Format::kDstAccImm) {
            i.accumulator = static_cast<std::uint8_t>(a);
        } else {
            i.a = unpack(a);
        }
        if (format == Format::kAccAB) {
            i.accumulator = static_cast<std::uint8_t>(imm);
        } else {
            i.imm = static_cast<std::int32_t>(imm);
        }
    }
    if (!is_legal(i)) return std::nullopt;
    return i;
}

}  // namespace seamount::isa
