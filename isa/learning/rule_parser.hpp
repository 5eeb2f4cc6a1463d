#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "isa/learning/microcode.hpp"

namespace seamount::isa {

/// What is wrong with a learning rule, and where.
struct RuleProblem {
    std::string code;        ///< RULE-*, see isa/base/ERRORS.md
    std::size_t column = 0;  ///< from 0, of the first character that is wrong
    std::string message;
    std::string hint;
};

/// Which numbers a rule may hold.
struct RuleLimits {
    std::int32_t min_mantissa = -8;
    std::int32_t max_mantissa = 7;
    std::int32_t min_exponent = -7;
    std::int32_t max_exponent = 8;
    bool exact = false;  ///< the product must fit into exact arithmetic, see kMaxExactBits
};
inline constexpr RuleLimits kChipLimits{};
/// Of the exact mode, which has no width to save.
inline constexpr RuleLimits kWideLimits{-128, 127, -16, 8, true};

/// Parses the right side of a rule, such as `2^-2*x1*y0 - 2^-2*y1*x0`:
///
///     rule    := [sign] product { (+|-) product }
///     product := factor { '*' factor }
///     factor  := x0|y0|u<k>|x1|x2|y1|y2|y3|w|d|t|r0|r1 | literal | '(' [sign] var [(+|-) literal]
///                ')' | sgn '(' w|d|t [(+|-) literal] ')'
///     literal := [sign] int [ '*' 2^int ] | [sign] 2^[sign]int
///
/// The first of x0, y0 and u<k> in a product is its gate; further x0 and y0 are factors of one bit.
/// The literals of a product make its mantissa and exponent: powers of two go into the exponent,
/// whole numbers into the mantissa, which is halved while it is even and beyond the range -8..7.
/// What then has an exponent out of range is written with another one, if the mantissa allows it.
///
/// Returns nothing and fills `problem` at the first fault.
[[nodiscard]] std::optional<std::vector<LearnProduct>> parse_learning_rule(std::string_view text,
                                                                           LearnTarget target,
                                                                           const RuleLimits& limits,
                                                                           RuleProblem& problem);

}  // namespace seamount::isa
