#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>

#include "isa/base/name_table.hpp"
#include "isa/microcode/opcode.hpp"

namespace seamount::isa {

/// What a dendritic accumulator does with what arrives (`.acc NAME max`). All of these give the
/// same whatever the order is. An accumulator starts at 0, so a maximum is never below 0 and a
/// minimum never above it.
enum class Accumulate : std::uint8_t { kSum = 0, kMax = 1, kMin = 2, kOr = 3 };
inline constexpr auto kAccumulateNames = name_table<Accumulate>({
    {Accumulate::kSum, "sum"},
    {Accumulate::kMax, "max"},
    {Accumulate::kMin, "min"},
    {Accumulate::kOr, "or"},
});

/// Of each accumulator of a program.
using AccumulateRules = std::array<Accumulate, kAccumulators>;

/// Two bits for each accumulator, that of a0 in the lowest ones.
[[nodiscard]] constexpr std::uint8_t packed_rules(const AccumulateRules& rules) noexcept {
    unsigned packed = 0;
    for (std::size_t k = 0; k < rules.size(); ++k) packed |= unsigned(rules[k]) << (2 * k);
    return static_cast<std::uint8_t>(packed);
}
[[nodiscard]] constexpr Accumulate rule_at(std::uint8_t packed, std::size_t accumulator) noexcept {
    return static_cast<Accumulate>((unsigned{packed} >> (2 * accumulator)) & 3U);
}

/// What an accumulator of 32 bits holds after a term.
struct Accumulated {
    std::int32_t value = 0;
    /// 0: all of it; 1 or -1: it is the highest or lowest value in place of one beyond it (a
    /// maximum, a minimum), or the lower 32 bits of a term that has more (or: always 1).
    int lost = 0;
};

/// For every rule but kSum, which wraps and is left to who adds.
[[nodiscard]] constexpr Accumulated accumulate(Accumulate rule, std::int32_t held,
                                               std::int64_t term) noexcept {
    constexpr std::int64_t kLow = std::numeric_limits<std::int32_t>::min();
    constexpr std::int64_t kHigh = std::numeric_limits<std::int32_t>::max();
    if (rule == Accumulate::kOr) {
        const auto low = static_cast<std::int32_t>(static_cast<std::uint32_t>(term));
        return {held | low, term == low ? 0 : 1};
    }
    const std::int64_t whole = rule == Accumulate::kMax ? std::max<std::int64_t>(held, term)
                                                        : std::min<std::int64_t>(held, term);
    const std::int64_t value = std::clamp(whole, kLow, kHigh);
    return {static_cast<std::int32_t>(value), whole > value ? 1 : whole < value ? -1 : 0};
}

}  // namespace seamount::isa
