#pragma once

#include "isa/base/range.hpp"
#include "isa/microcode/instruction.hpp"

namespace seamount::isa::ranges {

[[nodiscard]] Range hull(Range a, Range b);
/// -2^n..2^n - 1 with the smallest n that holds both; from 0 if neither can be negative.
[[nodiscard]] Range bits_of(Range a, Range b);
/// True if every value of `inner` is in `outer`.
[[nodiscard]] bool contains(Range outer, Range inner);

/// What an operation gives before conditioning, for operands anywhere in two ranges of 32-bit
/// values. `same`: both operands are the same word. Not for SEL, whose callers know F.
[[nodiscard]] Range exact(const Instruction& instruction, Range a, Range b, bool same);

/// The result after conditioning.
[[nodiscard]] Range condition(Range exact, Condition how);
/// True if some value of `exact` is changed by conditioning: it wraps, or saturates.
[[nodiscard]] bool can_overflow(Range exact, Condition how);

/// What a draw of `bits` bits can be.
[[nodiscard]] Range draw(int bits, Draw kind);

/// Narrows two ranges to the values for which `a how b` has the given outcome. False if there are
/// none.
[[nodiscard]] bool refine(Comparison how, bool outcome, Range& a, Range& b);

}  // namespace seamount::isa::ranges
