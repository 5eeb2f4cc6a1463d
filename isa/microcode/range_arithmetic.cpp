#include "isa/microcode/range_arithmetic.hpp"

#include <algorithm>
#include <bit>

#include "isa/base/fixed.hpp"

namespace seamount::isa::ranges {
namespace {

constexpr std::int64_t kHalf = std::int64_t{1} << 23;

/// Values that a conditioning leaves as they are.
Range kept(Condition how) {
    switch (how) {
        case Condition::kWrap32:
            return {};
        case Condition::kSat24:
            return {1 - kHalf, kHalf - 1};
        case Condition::kWrap24:
            return {-kHalf, kHalf - 1};
        case Condition::kWrapLava:
            return {1 - kHalf, kHalf};
        case Condition::kWrap22:
            return {-(1 << 21), (1 << 21) - 1};
        case Condition::kWrap16:
            return {-(1 << 15), (1 << 15) - 1};
    }
    return {};
}

/// 2^24 is added or subtracted once, then 32 bits: the hull of the three pieces.
Range wrap_lava(Range exact) {
    Range all;
    bool first = true;
    const auto add = [&](Range piece, std::int64_t turn) {
        if (piece.min > piece.max) return;
        const Range turned = condition({piece.min + turn, piece.max + turn}, Condition::kWrap32);
        all = first ? turned : hull(all, turned);
        first = false;
    };
    add({exact.min, std::min(exact.max, -kHalf)}, 2 * kHalf);
    add({std::max(exact.min, 1 - kHalf), std::min(exact.max, kHalf)}, 0);
    add({std::max(exact.min, kHalf + 1), exact.max}, -2 * kHalf);
    return all;
}

Range bitwise_and(Range a, Range b) {
    // A mask of 0 or -1 keeps all or nothing.
    if (b.min >= -1 && b.max <= 0) return hull(b.max == 0 ? Range{0, 0} : a, b.min < 0 ? a : b);
    if (a.min >= -1 && a.max <= 0) return bitwise_and(b, a);
    if (a.min >= 0 && b.min >= 0) return {0, std::min(a.max, b.max)};
    if (a.min >= 0) return {0, a.max};
    if (b.min >= 0) return {0, b.max};
    return bits_of(a, b);
}

Range products(Range a, Range b, bool same) {
    const auto [least, most] =
        std::minmax({a.min * b.min, a.min * b.max, a.max * b.min, a.max * b.max});
    if (!same) return {least, most};
    const bool has_zero = a.min <= 0 && a.max >= 0;
    return {has_zero ? 0 : std::min(a.min * a.min, a.max * a.max), most};
}

std::int64_t leading_zeros(std::int64_t x) {
    return std::countl_zero(static_cast<std::uint32_t>(x));
}

/// a <= b.
bool make_ordered(Range& a, Range& b, std::int64_t distance) {
    a.max = std::min(a.max, b.max - distance);
    b.min = std::max(b.min, a.min + distance);
    return a.min <= a.max && b.min <= b.max;
}

bool make_equal(Range& a, Range& b) {
    a = b = {std::max(a.min, b.min), std::min(a.max, b.max)};
    return a.min <= a.max;
}

bool make_different(Range& a, Range& b) {
    const auto cut = [](Range& from, Range other) {
        if (other.min != other.max) return;
        if (from.min == other.min) ++from.min;
        if (from.max == other.max) --from.max;
    };
    const Range before = a;
    cut(a, b);
    cut(b, before);
    return a.min <= a.max && b.min <= b.max;
}

}  // namespace

Range hull(Range a, Range b) {
    return {std::min(a.min, b.min), std::max(a.max, b.max)};
}

Range bits_of(Range a, Range b) {
    const auto width = [](std::int64_t x) {
        return static_cast<int>(std::bit_width(static_cast<std::uint64_t>(x < 0 ? ~x : x)));
    };
    const int n = std::max({width(a.min), width(a.max), width(b.min), width(b.max)});  // 0..63
    const auto top = static_cast<std::int64_t>((std::uint64_t{1} << n) - 1);
    return {a.min < 0 || b.min < 0 ? -top - 1 : 0, top};
}

bool contains(Range outer, Range inner) {
    return outer.min <= inner.min && inner.max <= outer.max;
}

Range exact(const Instruction& i, Range a, Range b, bool same) {
    const auto each = [&](auto f) { return Range{f(a.min), f(a.max)}; };
    switch (i.op) {
        case Opcode::kAdd:
            return {a.min + b.min, a.max + b.max};
        case Opcode::kSub:
            if (same) return {0, 0};
            return {a.min - b.max, a.max - b.min};
        case Opcode::kMin:
            return {std::min(a.min, b.min), std::min(a.max, b.max)};
        case Opcode::kMax:
            return {std::max(a.min, b.min), std::max(a.max, b.max)};
        case Opcode::kAnd:
            return bitwise_and(a, b);
        case Opcode::kOr:
        case Opcode::kXor:
            return bits_of(a, b);
        case Opcode::kAbs:
            return {a.min > 0 ? a.min : a.max < 0 ? -a.max : 0, std::max(a.max, -a.min)};
        case Opcode::kClz:
            if (a.max < 0) return {0, 0};
            return {a.min < 0 ? 0 : leading_zeros(a.max),
                    leading_zeros(std::max<std::int64_t>(a.min, 0))};
        case Opcode::kShl:
        case Opcode::kRdc:
        case Opcode::kPeek:
            return each([&](std::int64_t x) { return x * (std::int64_t{1} << i.imm); });
        case Opcode::kShr:
            return each([&](std::int64_t x) { return fixed::shift_floor(x, i.imm); });
        case Opcode::kSrz:
            return each([&](std::int64_t x) { return fixed::shift_toward_zero(x, i.imm); });
        case Opcode::kMuls:
            a = products(a, b, same);
            return each([&](std::int64_t x) { return fixed::shift_floor(x, i.imm); });
        case Opcode::kMulz:
            a = products(a, b, same);
            return each([&](std::int64_t x) { return fixed::shift_toward_zero(x, i.imm); });
        case Opcode::kMov:
            return a;
        default:  // no rule: anything that an operation may compute
            return {-(std::int64_t{1} << 62), std::int64_t{1} << 62};
    }
}

bool can_overflow(Range exact, Condition how) {
    return !contains(kept(how), exact);
}

Range condition(Range exact, Condition how) {
    const Range all = kept(how);
    if (contains(all, exact)) return exact;
    switch (how) {
        case Condition::kSat24:
            return {std::clamp(exact.min, all.min, all.max),
                    std::clamp(exact.max, all.min, all.max)};
        case Condition::kWrapLava:
            return wrap_lava(exact);
        default:
            return all;
    }
}

Range draw(int bits, Draw kind) {
    const std::int64_t mask = (std::int64_t{1} << bits) - 1;
    if (kind == Draw::kUnsigned) return {0, mask};
    return {-(mask >> 1), mask - 1 - (mask >> 1)};
}

bool refine(Comparison how, bool outcome, Range& a, Range& b) {
    switch (how) {
        case Comparison::kLt:
            return outcome ? make_ordered(a, b, 1) : make_ordered(b, a, 0);
        case Comparison::kLe:
            return outcome ? make_ordered(a, b, 0) : make_ordered(b, a, 1);
        case Comparison::kGt:
            return outcome ? make_ordered(b, a, 1) : make_ordered(a, b, 0);
        case Comparison::kGe:
            return outcome ? make_ordered(b, a, 0) : make_ordered(a, b, 1);
        case Comparison::kEq:
            return outcome ? make_equal(a, b) : make_different(a, b);
        case Comparison::kNe:
            return outcome ? make_different(a, b) : make_equal(a, b);
    }
    return true;
}

}  // namespace seamount::isa::ranges
