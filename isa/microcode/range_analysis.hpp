#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "isa/base/range.hpp"
#include "isa/microcode/program.hpp"

namespace seamount::isa {

/// What is known about a group before it runs: the ranges of its parameters, of its state words at
/// the start, and of what each accumulator holds at the start of every step.
struct RangeInputs {
    std::array<Range, kParameters> params;
    std::array<Range, kStateWords> state;
    std::array<Range, kAccumulators> accumulators;

    /// From the declarations: all arguments anywhere in their ranges, accumulators as `.acc` says
    /// and without a limit where it says nothing. Undeclared words are 0.
    [[nodiscard]] static RangeInputs of(const Program& program);
};

/// A result that may not fit the width of its instruction.
struct RangeFinding {
    std::uint32_t pc = 0;
    Condition condition = Condition::kWrap32;  ///< kSat24: it saturates; else it wraps
    Range exact;                               ///< of the result before it is conditioned
};

/// What a program can compute, in all steps and on all paths.
struct RangeReport {
    std::array<Range, kStateWords> state;  ///< at the start and after any step
    /// By word of the program: what it writes, or sends as a payload; nothing if it is never
    /// reached or writes nothing.
    std::vector<std::optional<Range>> results;
    std::vector<RangeFinding> findings;  ///< in program order
};

/// Interval analysis: sound, so that every value and every wrap or saturation that can occur is in
/// the report, and therefore pessimistic; relations between words are not tracked, but those of a
/// comparison are while F holds its outcome. Steps are repeated until nothing grows, with widening.
/// Requires: check_microcode(words) is empty.
[[nodiscard]] RangeReport analyse_ranges(std::span<const std::uint32_t> words,
                                         const RangeInputs& inputs);

}  // namespace seamount::isa
