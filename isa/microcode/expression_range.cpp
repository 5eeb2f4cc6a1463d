#include <algorithm>
#include <limits>
#include <optional>

#include "isa/microcode/expression_node.hpp"
#include "isa/microcode/range_arithmetic.hpp"

namespace seamount::isa {
namespace {

using ranges::bits_of;
using ranges::hull;
using Op = ExpressionOp;
__extension__ using Wide = __int128;

constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

/// The range without its values beyond 64 bits, with which an evaluation fails.
Range narrow(Wide low, Wide high) {
    return {static_cast<std::int64_t>(std::clamp<Wide>(low, kLeast, kMost)),
            static_cast<std::int64_t>(std::clamp<Wide>(high, kLeast, kMost))};
}

template <class Function>
Range corners(Range a, Range b, Function f) {
    const Wide values[] = {f(a.min, b.min), f(a.min, b.max), f(a.max, b.min), f(a.max, b.max)};
    return narrow(*std::min_element(values, values + 4), *std::max_element(values, values + 4));
}

/// The part of `divisor` on one side of 0; nothing if it has none.
std::optional<Range> positive(Range r) {
    if (r.max < 1) return std::nullopt;
    return Range{std::max<std::int64_t>(r.min, 1), r.max};
}
std::optional<Range> negative(Range r) {
    if (r.min > -1) return std::nullopt;
    return Range{r.min, std::min<std::int64_t>(r.max, -1)};
}

Range divide(Range a, Range b) {
    std::optional<Range> all;
    for (const auto& part : {positive(b), negative(b)}) {
        if (!part) continue;
        const Range one = corners(a, *part, [](Wide x, Wide y) { return x / y; });
        all = all ? hull(*all, one) : one;
    }
    return all.value_or(Range{0, 0});  // a divisor that is always 0: every evaluation fails
}

Range remainder(Range a, Range b) {
    const Wide most = std::max<Wide>({Wide{1}, b.max, -Wide{b.min}}) - 1;
    return narrow(std::max<Wide>(std::min<Wide>(a.min, 0), -most),
                  std::min<Wide>(std::max<Wide>(a.max, 0), most));
}

/// 1, 0 or both, from what the ranges say about the truth of a comparison.
Range truth(bool always, bool never) {
    return {always ? 1 : 0, never ? 0 : 1};
}

Range binary(Op op, Range a, Range b) {
    switch (op) {
        case Op::kAdd:
            return narrow(Wide{a.min} + b.min, Wide{a.max} + b.max);
        case Op::kSub:
            return narrow(Wide{a.min} - b.max, Wide{a.max} - b.min);
        case Op::kMul:
            return corners(a, b, [](Wide x, Wide y) { return x * y; });
        case Op::kDiv:
            return divide(a, b);
        case Op::kMod:
            return remainder(a, b);
        case Op::kMin:
            return {std::min(a.min, b.min), std::min(a.max, b.max)};
        case Op::kMax:
            return {std::max(a.min, b.min), std::max(a.max, b.max)};
        case Op::kShl:
        case Op::kShr: {
            const Range by{std::clamp<std::int64_t>(b.min, 0, 62),
                           std::clamp<std::int64_t>(b.max, 0, 62)};
            if (op == Op::kShl) {
                return corners(a, by, [](Wide x, Wide n) { return x * (Wide{1} << int(n)); });
            }
            return corners(a, by, [](Wide x, Wide n) { return x >> int(n); });
        }
        case Op::kBitAnd:
            if (a.min >= 0 || b.min >= 0) {
                const std::int64_t most_a = a.min >= 0 ? a.max : kMost;
                return {0, std::min(most_a, b.min >= 0 ? b.max : kMost)};
            }
            return bits_of(a, b);
        case Op::kBitOr:
        case Op::kBitXor:
            return bits_of(a, b);
        case Op::kLt:
            return truth(a.max < b.min, a.min >= b.max);
        case Op::kLe:
            return truth(a.max <= b.min, a.min > b.max);
        case Op::kGt:
            return truth(a.min > b.max, a.max <= b.min);
        case Op::kGe:
            return truth(a.min >= b.max, a.max < b.min);
        case Op::kEq:
            return truth(a.min == a.max && a == b, a.max < b.min || a.min > b.max);
        case Op::kNe:
            return truth(a.max < b.min || a.min > b.max, a.min == a.max && a == b);
        default:
            return {kLeast, kMost};
    }
}

}  // namespace

Range Expression::Node::range(const std::vector<std::string>& names,
                              const RangeLookup& lookup) const {
    const auto arg = [&](std::size_t i) { return args[i]->range(names, lookup); };
    switch (op) {
        case Op::kLiteral:
            return {value, value};
        case Op::kName:
            return lookup(names[static_cast<std::size_t>(value)]);
        case Op::kNegate:
            return binary(Op::kSub, {0, 0}, arg(0));
        case Op::kInvert: {
            const Range a = arg(0);
            return {~a.max, ~a.min};
        }
        case Op::kNot:
        case Op::kOrElse:
        case Op::kAndThen:
            return {0, 1};
        case Op::kChoose: {
            const Range condition = arg(0);
            if (condition == Range{0, 0}) return arg(2);
            if (condition.min > 0 || condition.max < 0) return arg(1);
            return hull(arg(1), arg(2));
        }
        case Op::kAbs: {
            const Range a = arg(0);
            const Range turned = binary(Op::kSub, {0, 0}, a);
            const std::int64_t least = a.min > 0 ? a.min : a.max < 0 ? turned.min : 0;
            return {least, std::max(a.max, turned.max)};
        }
        case Op::kClip:
            return binary(Op::kMin, binary(Op::kMax, arg(0), arg(1)), arg(2));
        default:
            return binary(op, arg(0), arg(1));
    }
}

Range Expression::range(const RangeLookup& lookup) const {
    return root_ ? root_->range(names_, lookup) : Range{0, 0};
}

}  // namespace seamount::isa
