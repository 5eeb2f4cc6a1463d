#include "isa/microcode/execution.hpp"

#include <algorithm>
#include <bit>

#include "isa/base/assert.hpp"
#include "isa/base/fixed.hpp"

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

}  // namespace

bool Execution::holds() const {
    if (done_) return false;
    const auto decoded = decode(params_.words[pc_]);
    return decoded && holds(decoded->pred);
}

bool Execution::step() {
    if (done_) return false;
    SM_ASSERT(pc_ < params_.words.size(), "ran past the last word: the program has no END");
    const auto decoded = decode(params_.words[pc_]);
    SM_ASSERT(decoded.has_value(), "the reference interpreter got a word that is no instruction");
    const Instruction& i = *decoded;
    ++result_.instructions;
    result_.cycles += static_cast<std::uint64_t>(info(i.op).cycles);
    std::uint32_t next = pc_ + 1;
    if (holds(i.pred)) {
        if (i.op == Opcode::kEnd) {
            done_ = true;
            return true;
        }
        if (i.op == Opcode::kBf) {
            next = pc_ + static_cast<std::uint32_t>(i.imm);
        } else if (i.op == Opcode::kRnd) {
            draw(i);
        } else {
            execute(i);
        }
    }
    pc_ = next;
    return true;
}

std::int32_t Execution::read(const Operand& operand) const {
    switch (operand.bank) {
        case Operand::Bank::kRegister:
            return registers_[operand.index];
        case Operand::Bank::kState:
            return lane_->state[operand.index];
        case Operand::Bank::kParameter:
            return params_.params[operand.index];
        case Operand::Bank::kConstant:
            return kConstants[operand.index];
    }
    return 0;
}

void Execution::observe(std::int64_t exact, std::int32_t result) const {
    if (params_.observer != nullptr) params_.observer->on_result(pc_, exact, result);
}

void Execution::write(const Operand& dst, std::int32_t value) {
    (dst.bank == Operand::Bank::kState ? lane_->state[dst.index] : registers_[dst.index]) = value;
}

void Execution::draw(const Instruction& i) {
    std::int32_t drawn = 0;
    params_.random->draw({&params_.neuron, 1}, params_.step, pc_, i.imm, static_cast<Draw>(i.mode),
                         &drawn);
    observe(drawn, drawn);
    write(i.dst, drawn);
}

/// The value of an ALU operation before conditioning.
std::int64_t Execution::compute(const Instruction& i) const {
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
            return std::int64_t{lane_->accumulators[i.accumulator]} << i.imm;
        default:
            break;
    }
    SM_ASSERT(false, "an operation without a result has no value");
    return 0;
}

void Execution::execute(const Instruction& i) {
    switch (i.op) {
        case Opcode::kCmp:
            flag_ = combine(flag_, compare(read(i.a), read(i.b), static_cast<Comparison>(i.imm)),
                            static_cast<Combine>(i.mode));
            break;
        case Opcode::kLdi:
            observe(i.imm, i.imm);
            write(i.dst, i.imm);
            break;
        case Opcode::kSpk:
            result_.spikes.push_back({read(i.a), static_cast<std::uint8_t>(i.imm)});
            break;
        case Opcode::kPsh:
            result_.pushes.push_back({read(i.a), i.accumulator, read(i.b)});
            break;
        case Opcode::kTrc:
            lane_->traces[static_cast<std::size_t>(i.imm)] = read(i.a);
            break;
        default: {
            const std::int64_t value = compute(i);
            if (i.op == Opcode::kRdc) lane_->accumulators[i.accumulator] = 0;
            const std::int32_t result = condition(value, static_cast<Condition>(i.mode));
            // Exact but for 32 bits: what the conditioning should have kept.
            if (i.mode != 0 && result != fixed::clip32(value)) ++result_.overflows;
            observe(value, result);
            write(i.dst, result);
        }
    }
}

}  // namespace seamount::isa
