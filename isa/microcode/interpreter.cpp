#include "isa/microcode/interpreter.hpp"

#include <algorithm>
#include <bit>
#include <utility>

#include "isa/base/assert.hpp"
#include "isa/base/fixed.hpp"
#include "isa/base/random_domain.hpp"
#include "isa/microcode/instruction.hpp"

namespace seamount::isa {
namespace {

std::int32_t condition(std::int64_t x, Condition how) {
    switch (how) {
        case Condition::kWrap32:
            return fixed::wrap<32>(x);
        case Condition::kSat24:
            return fixed::saturate<24>(x);
        case Condition::kWrap24:
            return fixed::wrap<24>(x);
        case Condition::kWrapLava:
            return fixed::wrap_lava(x);
        case Condition::kWrap22:
            return fixed::wrap<22>(x);
        case Condition::kWrap16:
            return fixed::wrap<16>(x);
    }
    return 0;
}

bool compare(std::int32_t a, std::int32_t b, Comparison how) {
    switch (how) {
        case Comparison::kLt:
            return a < b;
        case Comparison::kLe:
            return a <= b;
        case Comparison::kGt:
            return a > b;
        case Comparison::kGe:
            return a >= b;
        case Comparison::kEq:
            return a == b;
        case Comparison::kNe:
            return a != b;
    }
    return false;
}

/// One compartment inside one step.
class Execution {
public:
    Execution(std::span<const std::int32_t, kParameters> params, Lane& lane,
              ResultObserver* observer) noexcept
        : params_{params}, lane_{lane}, observer_{observer} {}

    LaneResult run(std::span<const std::uint32_t> words, const RandomSource& random,
                   NeuronId neuron, std::uint64_t step) {
        for (std::size_t pc = 0; pc < words.size();) {
            const auto decoded = decode(words[pc]);
            SM_ASSERT(decoded.has_value(), "interpret() got a word that is no instruction");
            const Instruction& i = *decoded;
            ++result_.instructions;
            result_.cycles += static_cast<std::uint64_t>(info(i.op).cycles);
            std::size_t next = pc + 1;
            if (holds(i.pred)) {
                if (i.op == Opcode::kEnd) return std::move(result_);
                if (i.op == Opcode::kBf) {
                    next = pc + static_cast<std::size_t>(i.imm);
                } else if (i.op == Opcode::kRnd) {
                    std::int32_t drawn = 0;
                    random.draw({&neuron, 1}, step, static_cast<std::uint32_t>(pc), i.imm,
                                static_cast<Draw>(i.mode), &drawn);
                    observe(pc, drawn, drawn);
                    write(i.dst, drawn);
                } else {
                    execute(i, pc);
                }
            }
            pc = next;
        }
        SM_ASSERT(false, "interpret() ran past the last word: the program has no END");
        return {};
    }

private:
    [[nodiscard]] bool holds(Predicate pred) const {
        return pred == Predicate::kAlways || (pred == Predicate::kIfSet) == flag_;
    }

    [[nodiscard]] std::int32_t read(const Operand& operand) const {
        switch (operand.bank) {
            case Operand::Bank::kRegister:
                return registers_[operand.index];
            case Operand::Bank::kState:
                return lane_.state[operand.index];
            case Operand::Bank::kParameter:
                return params_[operand.index];
            case Operand::Bank::kConstant:
                return kConstants[operand.index];
        }
        return 0;
    }

    void observe(std::size_t pc, std::int64_t exact, std::int32_t result) const {
        if (observer_ == nullptr) return;
        observer_->on_result(static_cast<std::uint32_t>(pc), exact, result);
    }

    void write(const Operand& dst, std::int32_t value) {
        (dst.bank == Operand::Bank::kState ? lane_.state[dst.index] : registers_[dst.index]) =
            value;
    }

    /// The value of an ALU operation before conditioning.
    [[nodiscard]] std::int64_t compute(const Instruction& i) const {
        const std::int64_t a = read(i.a);
        const std::int64_t b = read(i.b);
        switch (i.op) {
            case Opcode::kMov:
                return a;
            case Opcode::kAdd:
                return a + b;
            case Opcode::kSub:
                return a - b;
            case Opcode::kMin:
                return std::min(a, b);
            case Opcode::kMax:
                return std::max(a, b);
            case Opcode::kAnd:
                return a & b;
            case Opcode::kOr:
                return a | b;
            case Opcode::kXor:
                return a ^ b;
            case Opcode::kAbs:
                return a < 0 ? -a : a;
            case Opcode::kClz:
                return std::countl_zero(static_cast<std::uint32_t>(a));
            case Opcode::kShl:
                return a << i.imm;
            case Opcode::kShr:
                return fixed::shift_floor(a, i.imm);
            case Opcode::kSrz:
                return fixed::shift_toward_zero(a, i.imm);
            case Opcode::kMuls:
                return fixed::shift_floor(a * b, i.imm);
            case Opcode::kMulz:
                return fixed::shift_toward_zero(a * b, i.imm);
            case Opcode::kSel:
                return flag_ ? a : b;
            case Opcode::kRdc:
            case Opcode::kPeek:
                return std::int64_t{lane_.accumulators[i.accumulator]} << i.imm;
            default:
                break;
        }
        SM_ASSERT(false, "an operation without a result has no value");
        return 0;
    }

    void execute(const Instruction& i, std::size_t pc) {
        switch (i.op) {
            case Opcode::kCmp:
                flag_ =
                    combine(flag_, compare(read(i.a), read(i.b), static_cast<Comparison>(i.imm)),
                            static_cast<Combine>(i.mode));
                break;
            case Opcode::kLdi:
                observe(pc, i.imm, i.imm);
                write(i.dst, i.imm);
                break;
            case Opcode::kSpk:
                result_.spikes.push_back({read(i.a), static_cast<std::uint8_t>(i.imm)});
                break;
            case Opcode::kPsh:
                result_.pushes.push_back({read(i.a), i.accumulator, read(i.b)});
                break;
            case Opcode::kTrc:
                lane_.traces[static_cast<std::size_t>(i.imm)] = read(i.a);
                break;
            default: {
                const std::int64_t value = compute(i);
                if (i.op == Opcode::kRdc) lane_.accumulators[i.accumulator] = 0;
                const std::int32_t result = condition(value, static_cast<Condition>(i.mode));
                // Exact but for 32 bits: what the conditioning should have kept.
                if (i.mode != 0 && result != fixed::clip32(value)) ++result_.overflows;
                observe(pc, value, result);
                write(i.dst, result);
            }
        }
    }

    std::span<const std::int32_t, kParameters> params_;
    Lane& lane_;
    ResultObserver* observer_;
    std::array<std::int32_t, kRegisters> registers_{};
    bool flag_ = false;
    LaneResult result_;
};

}  // namespace

void PhiloxSource::draw(std::span<const NeuronId> neurons, std::uint64_t step, std::uint32_t pc,
                        int bits, Draw kind, std::int32_t* out) const {
    const RandomStream random{RandomDomain::kPrograms, seed_, program_place(pc)};
    const std::uint64_t mask = (std::uint64_t{1} << bits) - 1;
    for (const NeuronId neuron : neurons) {
        const std::uint64_t word = random.block(neuron.value(), step)[0];
        *out++ = kind == Draw::kUnsigned ? static_cast<std::int32_t>(word & mask)
                                         : static_cast<std::int32_t>((word * mask) >> 32) -
                                               static_cast<std::int32_t>(mask >> 1);
    }
}

LaneResult interpret(std::span<const std::uint32_t> words,
                     std::span<const std::int32_t, kParameters> params, Lane& lane,
                     const RandomSource& random, NeuronId neuron, std::uint64_t step,
                     ResultObserver* observer) {
    return Execution{params, lane, observer}.run(words, random, neuron, step);
}

}  // namespace seamount::isa
