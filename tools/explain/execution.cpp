#include "tools/explain/execution.hpp"

#include <algorithm>
#include <bit>
#include <utility>

#include "isa/base/assert.hpp"
#include "isa/base/fixed.hpp"

namespace seamount::explain {

namespace {

std::int32_t conditioned(std::int64_t x, isa::Condition how) {
    switch (how) {
        case isa::Condition::kWrap32:
            return fixed::wrap<32>(x);
        case isa::Condition::kSat24:
            return fixed::saturate<24>(x);
        case isa::Condition::kWrap24:
            return fixed::wrap<24>(x);
        case isa::Condition::kWrapLava:
            return fixed::wrap_lava(x);
        case isa::Condition::kWrap22:
            return fixed::wrap<22>(x);
        case isa::Condition::kWrap16:
            return fixed::wrap<16>(x);
    }
    return 0;
}

bool outcome(std::int32_t a, std::int32_t b, isa::Comparison how) {
    switch (how) {
        case isa::Comparison::kLt:
            return a < b;
        case isa::Comparison::kLe:
            return a <= b;
        case isa::Comparison::kGt:
            return a > b;
        case isa::Comparison::kGe:
            return a >= b;
        case isa::Comparison::kEq:
            return a == b;
        case isa::Comparison::kNe:
            return a != b;
    }
    return false;
}

/// All of the value under one entry: mixed, if it depends on what carries parts.
Shares whole_of(std::int64_t value, bool carries) {
    return Shares::of(carries ? Entry::kMixed : Entry::kConstant, value);
}

}  // namespace

bool Execution::step() {
    if (done_) return false;
    const auto decoded = isa::decode(params_.words[pc_]);
    SM_ASSERT(decoded.has_value(), "a word that is no instruction");
    const isa::Instruction& i = *decoded;
    std::uint32_t next = pc_ + 1;
    if (holds(i.pred)) {
        if (i.op == isa::Opcode::kEnd) {
            done_ = true;
            return true;
        }
        if (i.op == isa::Opcode::kBf) {
            next = pc_ + static_cast<std::uint32_t>(i.imm);
        } else {
            act(i);
        }
    }
    pc_ = next;
    return true;
}

std::int32_t Execution::value(const isa::Operand& operand) const {
    switch (operand.bank) {
        case isa::Operand::Bank::kRegister:
            return registers_[operand.index].value;
        case isa::Operand::Bank::kState:
            return lane_.state[operand.index].value;
        case isa::Operand::Bank::kParameter:
            return params_.params[operand.index];
        case isa::Operand::Bank::kConstant:
            return isa::kConstants[operand.index];
    }
    return 0;
}

Word Execution::read(const isa::Operand& operand) const {
    if (operand.bank == isa::Operand::Bank::kRegister) return registers_[operand.index];
    if (operand.bank == isa::Operand::Bank::kState) return lane_.state[operand.index];
    const std::int32_t v = value(operand);
    return {v, params_.traced ? Shares::of(Entry::kConstant, v) : Shares{}};
}

void Execution::write(const isa::Operand& dst, Word word) {
    (dst.bank == isa::Operand::Bank::kState ? lane_.state[dst.index] : registers_[dst.index]) =
        std::move(word);
}

void Execution::act(const isa::Instruction& i) {
    switch (i.op) {
        case isa::Opcode::kCmp:
            compare(i);
            break;
        case isa::Opcode::kRnd:
            draw(i);
            break;
        case isa::Opcode::kLdi:
            write(i.dst, {i.imm, params_.traced ? Shares::of(Entry::kConstant, i.imm) : Shares{}});
            break;
        case isa::Opcode::kSpk: {
            TracedSpike spike{pc_, static_cast<std::uint8_t>(i.imm), read(i.a), {}};
            if (!comparisons_.empty()) spike.compared = comparisons_.back();
            spikes_.push_back(std::move(spike));
            break;
        }
        case isa::Opcode::kPsh:
            pushes_.push_back({i.accumulator, value(i.b), read(i.a)});
            break;
        case isa::Opcode::kTrc:
            lane_.traces[static_cast<std::size_t>(i.imm)] = value(i.a);
            break;
        default:
            compute(i);
    }
}

void Execution::compare(const isa::Instruction& i) {
    const auto how = static_cast<isa::Comparison>(i.imm);
    comparisons_.push_back({pc_, how, read(i.a), read(i.b)});
    flag_ = isa::combine(flag_, outcome(value(i.a), value(i.b), how),
                         static_cast<isa::Combine>(i.mode));
}

void Execution::draw(const isa::Instruction& i) {
    std::int32_t drawn = 0;
    params_.random->draw({&params_.neuron, 1}, params_.step, pc_, i.imm,
                         static_cast<isa::Draw>(i.mode), &drawn);
    write(i.dst, {drawn, params_.traced ? Shares::of(Entry::kNoise, drawn) : Shares{}});
}

/// The value of an ALU operation before conditioning.
std::int64_t Execution::exact(const isa::Instruction& i) const {
    const std::int64_t a = value(i.a);
    const std::int64_t b = value(i.b);
    switch (i.op) {
        case isa::Opcode::kMov:
            return a;
        case isa::Opcode::kAdd:
            return a + b;
        case isa::Opcode::kSub:
            return a - b;
        case isa::Opcode::kMin:
            return std::min(a, b);
        case isa::Opcode::kMax:
            return std::max(a, b);
        case isa::Opcode::kAnd:
            return a & b;
        case isa::Opcode::kOr:
            return a | b;
        case isa::Opcode::kXor:
            return a ^ b;
        case isa::Opcode::kAbs:
            return a < 0 ? -a : a;
        case isa::Opcode::kClz:
            return std::countl_zero(static_cast<std::uint32_t>(a));
        case isa::Opcode::kShl:
            return a << i.imm;
        case isa::Opcode::kShr:
            return fixed::shift_floor(a, i.imm);
        case isa::Opcode::kSrz:
            return fixed::shift_toward_zero(a, i.imm);
        case isa::Opcode::kMuls:
            return fixed::shift_floor(a * b, i.imm);
        case isa::Opcode::kMulz:
            return fixed::shift_toward_zero(a * b, i.imm);
        case isa::Opcode::kSel:
            return flag_ ? a : b;
        case isa::Opcode::kRdc:
        case isa::Opcode::kPeek:
            return std::int64_t{lane_.accumulators[i.accumulator].value} << i.imm;
        default:
            break;
    }
    SM_ASSERT(false, "an operation without a result has no value");
    return 0;
}

void Execution::compute(const isa::Instruction& i) {
    const std::int64_t before = exact(i);
    const std::int32_t result = conditioned(before, static_cast<isa::Condition>(i.mode));
    Word word{result, {}};
    if (params_.traced) {
        word.shares = parts(i, before);
        word.shares.settle(before, Entry::kRounding);
        word.shares.settle(result, Entry::kClipped);
    }
    if (i.op == isa::Opcode::kRdc) lane_.accumulators[i.accumulator] = {};
    write(i.dst, std::move(word));
}

/// Of the two operands of MIN, MAX the one that was taken; if only the other one carries parts,
/// these, and what was clipped of them.
Shares Execution::chosen(const isa::Instruction& i, std::int64_t exact) const {
    const Word a = read(i.a);
    const Word b = read(i.b);
    const bool takes_a = i.op == isa::Opcode::kSel ? flag_ : exact == a.value;
    Shares taken = takes_a ? a.shares : b.shares;
    if (i.op == isa::Opcode::kSel || taken.carries()) return taken;
    const Shares& other = takes_a ? b.shares : a.shares;
    if (!other.carries()) return taken;
    Shares clipped = other;
    clipped.settle(exact, Entry::kClipped);
    return clipped;
}

Shares Execution::product(const isa::Instruction& i, std::int64_t exact) const {
    Word a = read(i.a);
    Word b = read(i.b);
    const bool both = a.shares.carries() && b.shares.carries();
    if (both) return whole_of(exact, true);
    if (b.shares.carries()) std::swap(a, b);
    a.shares.scale(b.value, i.imm);
    return std::move(a.shares);
}

/// What the result is made of, but for what rounding changed.
Shares Execution::parts(const isa::Instruction& i, std::int64_t exact) const {
    Shares shares;
    switch (i.op) {
        case isa::Opcode::kMov:
            return read(i.a).shares;
        case isa::Opcode::kAdd:
        case isa::Opcode::kSub:
            shares = read(i.a).shares;
            shares.add(read(i.b).shares, i.op == isa::Opcode::kAdd ? 1 : -1);
            return shares;
        case isa::Opcode::kMin:
        case isa::Opcode::kMax:
        case isa::Opcode::kSel:
            return chosen(i, exact);
        case isa::Opcode::kAbs:
            shares.add(read(i.a).shares, value(i.a) < 0 ? -1 : 1);
            return shares;
        case isa::Opcode::kShl:
            shares.add(read(i.a).shares, std::int64_t{1} << i.imm);
            return shares;
        case isa::Opcode::kShr:
        case isa::Opcode::kSrz:
            shares = read(i.a).shares;
            shares.scale(1, i.imm);
            return shares;
        case isa::Opcode::kMuls:
        case isa::Opcode::kMulz:
            return product(i, exact);
        case isa::Opcode::kRdc:
        case isa::Opcode::kPeek:
            shares.add(lane_.accumulators[i.accumulator].shares, std::int64_t{1} << i.imm);
            return shares;
        case isa::Opcode::kClz:
            return whole_of(exact, read(i.a).shares.carries());
        default:
            return whole_of(exact, read(i.a).shares.carries() || read(i.b).shares.carries());
    }
}

}  // namespace seamount::explain
