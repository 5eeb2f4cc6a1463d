#pragma once

#include "isa/microcode/expression.hpp"

namespace seamount::isa {

/// Private to expression*.cpp: the syntax tree.
enum class ExpressionOp : std::uint8_t {
    kLiteral,
    kName,
    kNegate,
    kInvert,
    kNot,
    kOrElse,
    kAndThen,
    kBitOr,
    kBitXor,
    kBitAnd,
    kEq,
    kNe,
    kLt,
    kLe,
    kGt,
    kGe,
    kShl,
    kShr,
    kAdd,
    kSub,
    kMul,
    kDiv,
    kMod,
    kChoose,
    kMin,
    kMax,
    kAbs,
    kClip,
};

struct Expression::Node {
    using Op = ExpressionOp;

    Op op = Op::kLiteral;
    std::int64_t value = 0;  ///< of a literal; of a name: its index in names()
    std::vector<std::shared_ptr<const Node>> args;

    [[nodiscard]] std::int64_t evaluate(const std::vector<std::string>& names,
                                        const Lookup& lookup) const;
    [[nodiscard]] Range range(const std::vector<std::string>& names,
                              const RangeLookup& lookup) const;
    class Parser;
};

}  // namespace seamount::isa
