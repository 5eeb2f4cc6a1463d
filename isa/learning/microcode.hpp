#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "isa/base/name_table.hpp"

namespace seamount::isa {

/// What a learning rule changes: weight, delay (or second tag), tag.
enum class LearnTarget : std::uint8_t { kWeight = 0, kDelay = 1, kTag = 2 };
inline constexpr auto kLearnTargetNames = name_table<LearnTarget>({
    {LearnTarget::kWeight, "dw"},
    {LearnTarget::kDelay, "dd"},
    {LearnTarget::kTag, "dt"},
});
inline constexpr int kLearnTargets = static_cast<int>(kLearnTargetNames.size());
/// Spelling in rules: "dw", "dd", "dt".
[[nodiscard]] constexpr std::string_view name_of(LearnTarget target) {
    return name_of(kLearnTargetNames, target);
}

/// What must have happened in an epoch for a product to be evaluated.
enum class LearnGate : std::uint8_t {
    kX0 = 0,  ///< a spike arrived at the synapse
    kY0 = 1,  ///< the target neuron spiked
    kU = 2,   ///< the number of the epoch (from 1) is a multiple of 2^k
};

/// What a product may multiply. The trace variables x1..y3 are consecutive.
enum class LearnVariable : std::uint8_t {
    kX0 = 0,  ///< 1 if a spike arrived in the epoch
    kY0 = 1,  ///< 1 if the target spiked in the epoch
    kX1 = 2,
    kX2 = 3,
    kY1 = 4,
    kY2 = 5,
    kY3 = 6,
    kW = 7,
    kD = 8,
    kT = 9,
    kR0 = 10,  ///< reward of the epoch
    kR1 = 11,
};
inline constexpr auto kLearnVariableNames = name_table<LearnVariable>({
    {LearnVariable::kX0, "x0"},
    {LearnVariable::kY0, "y0"},
    {LearnVariable::kX1, "x1"},
    {LearnVariable::kX2, "x2"},
    {LearnVariable::kY1, "y1"},
    {LearnVariable::kY2, "y2"},
    {LearnVariable::kY3, "y3"},
    {LearnVariable::kW, "w"},
    {LearnVariable::kD, "d"},
    {LearnVariable::kT, "t"},
    {LearnVariable::kR0, "r0"},
    {LearnVariable::kR1, "r1"},
});
inline constexpr int kLearnVariables = static_cast<int>(kLearnVariableNames.size());
/// Spelling in rules: "x0", "w", ...
[[nodiscard]] constexpr std::string_view name_of(LearnVariable variable) {
    return name_of(kLearnVariableNames, variable);
}
inline constexpr int kPreTraces = 2;   ///< x1 x2
inline constexpr int kPostTraces = 3;  ///< y1 y2 y3
inline constexpr int kLearnTraces = kPreTraces + kPostTraces;
/// The variables x1 x2 y1 y2 y3 by their place in LearningRuleImage::traces.
[[nodiscard]] constexpr LearnVariable trace_variable(std::size_t trace) {
    return static_cast<LearnVariable>(static_cast<std::size_t>(LearnVariable::kX1) + trace);
}
inline constexpr int kRewards = 2;  ///< r0 r1

/// Width in bits of a variable in a product; a factor is clipped to [-2^width, 2^width - 1].
/// Source: functional spec of lava's learning engine, 6.3 (x0, y0: 1; traces: 7; w, d, t: 9). r0
/// and r1 are signed bytes.
[[nodiscard]] constexpr int width_of(LearnVariable variable) {
    constexpr std::array<int, kLearnVariables> kWidths{1, 1, 7, 7, 7, 7, 7, 9, 9, 9, 7, 7};
    return kWidths[static_cast<std::size_t>(variable)];
}

/// (variable + constant), or the sign of that.
struct LearnFactor {
    LearnVariable variable = LearnVariable::kX0;
    std::int32_t constant = 0;  ///< -256..255
    bool sign = false;          ///< w, d and t only
    friend bool operator==(const LearnFactor&, const LearnFactor&) = default;
};

/// mantissa * 2^exponent * factors, added to the target if the gate is open.
struct LearnProduct {
    LearnTarget target = LearnTarget::kWeight;
    LearnGate gate = LearnGate::kX0;
    std::uint32_t k = 0;  ///< of kU, 0..31
    std::vector<LearnFactor> factors;
    std::int32_t mantissa = 1;  ///< -128..127; -8..7 on the chip
    std::int32_t exponent = 0;  ///< -16..8; -7..8 on the chip
    friend bool operator==(const LearnProduct&, const LearnProduct&) = default;
};

/// Words of a learning program: each product is one LGATE, an LMUL per factor and one LACC; LEND
/// ends the program.
///
///     LGATE  op[31:29]=0  gate[28:27]  k[26:22]
///     LMUL   op=1  variable[28:25]  sign[24]  constant[23:15] (two's complement)
///     LACC   op=2  target[28:27]  mantissa[26:19]  exponent[18:13] (two's complement)
///     LEND   op=3
///
/// All other bits are zero.
enum class LearnOp : std::uint8_t { kGate = 0, kMul = 1, kAcc = 2, kEnd = 3 };

/// Requires the products to be in range.
[[nodiscard]] std::vector<std::uint32_t> encode(std::span<const LearnProduct> products);

/// Bits that the factors of a product may have together, and that the factors of a product in exact
/// arithmetic may have together with its exponent: 64 bits hold a variable and the sum of 63 such
/// products, each with a mantissa of 8 bits, in units of 2^-kExactFraction.
inline constexpr int kMaxProductBits = 38;
inline constexpr int kMaxExactBits = 34;
inline constexpr int kExactFraction = 16;
inline constexpr std::size_t kMaxProducts = 63;

/// Faults of a program as sentences; empty if it can be run, in exact arithmetic if `exact`.
[[nodiscard]] std::vector<std::string> check_learning(std::span<const std::uint32_t> words,
                                                      bool exact);

/// The reverse of encode; requires that check_learning finds nothing.
[[nodiscard]] std::vector<LearnProduct> decode_learning(std::span<const std::uint32_t> words);

/// Whether some product reads or changes w, d or t; requires that check_learning finds nothing.
[[nodiscard]] bool uses(std::span<const std::uint32_t> words, LearnTarget variable);

/// One line per word: "LMUL (x1 - 4)".
[[nodiscard]] std::string disassemble_learning(std::uint32_t word);

/// Multiply-accumulates of the products behind one gate for one synapse: one per factor and one for
/// the scale.
struct LearnCost {
    std::uint32_t x0 = 0;
    std::uint32_t y0 = 0;
    std::uint32_t u = 0;
    friend bool operator==(const LearnCost&, const LearnCost&) = default;
};
[[nodiscard]] LearnCost cost_of(std::span<const LearnProduct> products);

}  // namespace seamount::isa
