#include "isa/microcode/expression.hpp"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "isa/microcode/expression_node.hpp"

namespace seamount::isa {
namespace {

using Op = ExpressionOp;

[[noreturn]] void overflow() {
    throw ExpressionError("the value does not fit 64 bits");
}

std::int64_t divide(std::int64_t a, std::int64_t b, bool remainder) {
    if (b == 0) throw ExpressionError("division by zero");
    if (b == -1 && a == std::numeric_limits<std::int64_t>::min()) overflow();
    return remainder ? a % b : a / b;
}

std::int64_t shift(std::int64_t a, std::int64_t n, bool left) {
    if (n < 0 || n > 62) {
        throw ExpressionError(fmt::format("shift by {}, must be in [0, 62]", n));
    }
    if (!left) return a >> n;
    const auto shifted = static_cast<std::int64_t>(static_cast<std::uint64_t>(a) << n);
    if ((shifted >> n) != a) overflow();
    return shifted;
}

std::int64_t negate(std::int64_t a) {
    if (a == std::numeric_limits<std::int64_t>::min()) overflow();
    return -a;
}

std::int64_t apply(Op op, std::int64_t a, std::int64_t b) {
    std::int64_t result = 0;
    switch (op) {
        case Op::kBitOr:
            return a | b;
        case Op::kBitXor:
            return a ^ b;
        case Op::kBitAnd:
            return a & b;
        case Op::kEq:
            return a == b;
        case Op::kNe:
            return a != b;
        case Op::kLt:
            return a < b;
        case Op::kLe:
            return a <= b;
        case Op::kGt:
            return a > b;
        case Op::kGe:
            return a >= b;
        case Op::kShl:
            return shift(a, b, true);
        case Op::kShr:
            return shift(a, b, false);
        case Op::kAdd:
            if (__builtin_add_overflow(a, b, &result)) overflow();
            return result;
        case Op::kSub:
            if (__builtin_sub_overflow(a, b, &result)) overflow();
            return result;
        case Op::kMul:
            if (__builtin_mul_overflow(a, b, &result)) overflow();
            return result;
        case Op::kDiv:
            return divide(a, b, false);
        case Op::kMod:
            return divide(a, b, true);
        case Op::kMin:
            return std::min(a, b);
        case Op::kMax:
            return std::max(a, b);
        default:
            return 0;
    }
}

}  // namespace

std::int64_t Expression::Node::evaluate(const std::vector<std::string>& names,
                                        const Lookup& lookup) const {
    const auto arg = [&](std::size_t i) { return args[i]->evaluate(names, lookup); };
    switch (op) {
        case Op::kLiteral:
            return value;
        case Op::kName:
            return lookup(names[static_cast<std::size_t>(value)]);
        case Op::kNegate:
            return negate(arg(0));
        case Op::kInvert:
            return ~arg(0);
        case Op::kNot:
            return arg(0) == 0;
        case Op::kOrElse:
            return arg(0) != 0 || arg(1) != 0;
        case Op::kAndThen:
            return arg(0) != 0 && arg(1) != 0;
        case Op::kChoose:
            return arg(0) != 0 ? arg(1) : arg(2);
        case Op::kAbs: {
            const std::int64_t x = arg(0);
            return x < 0 ? negate(x) : x;
        }
        case Op::kClip: {
            const std::int64_t x = arg(0);
            const std::int64_t low = arg(1);
            const std::int64_t high = arg(2);
            if (low > high) {
                throw ExpressionError(fmt::format("clip to the empty range [{}, {}]", low, high));
            }
            return std::clamp(x, low, high);
        }
        default: {
            const std::int64_t left = arg(0);
            return apply(op, left, arg(1));
        }
    }
}

Expression::Expression() : text_{"0"}, root_{std::make_shared<const Node>()} {}
Expression::~Expression() = default;
Expression::Expression(const Expression&) = default;
Expression::Expression(Expression&&) noexcept = default;
Expression& Expression::operator=(const Expression&) = default;
Expression& Expression::operator=(Expression&&) noexcept = default;

std::int64_t Expression::evaluate(const Lookup& lookup) const {
    return root_->evaluate(names_, lookup);
}

}  // namespace seamount::isa
