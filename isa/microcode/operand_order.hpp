#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "isa/microcode/opcode.hpp"

namespace seamount::isa {

/// What stands at one place of an instruction's operand list in assembly.
enum class Slot : std::uint8_t { kDst, kA, kB, kAccumulator, kImmediate, kLabel };

namespace detail {
inline constexpr std::array kDstABImmSlots{Slot::kDst, Slot::kA, Slot::kB, Slot::kImmediate};
inline constexpr std::array kDstAImmSlots{Slot::kDst, Slot::kA, Slot::kImmediate};
inline constexpr std::array kDstAccImmSlots{Slot::kDst, Slot::kAccumulator, Slot::kImmediate};
inline constexpr std::array kDstImmSlots{Slot::kDst, Slot::kImmediate};
inline constexpr std::array kABSlots{Slot::kA, Slot::kB};
inline constexpr std::array kAImmSlots{Slot::kA, Slot::kImmediate};
inline constexpr std::array kAAccBSlots{Slot::kA, Slot::kAccumulator, Slot::kB};
inline constexpr std::array kLabelSlots{Slot::kLabel};
}  // namespace detail

/// The operands of a format from left to right: the one home of assembly's operand order, for
/// assembler, disassembler and manual.
[[nodiscard]] constexpr std::span<const Slot> slots(Format format) {
    switch (format) {
        case Format::kNone:
            return {};
        case Format::kDstA:
            return std::span{detail::kDstABImmSlots}.first(2);
        case Format::kDstAB:
            return std::span{detail::kDstABImmSlots}.first(3);
        case Format::kDstAImm:
            return detail::kDstAImmSlots;
        case Format::kDstABImm:
            return detail::kDstABImmSlots;
        case Format::kCompare:
            return detail::kABSlots;
        case Format::kDstAccImm:
            return detail::kDstAccImmSlots;
        case Format::kDstWide:
        case Format::kDstImm:
            return detail::kDstImmSlots;
        case Format::kBranch:
            return detail::kLabelSlots;
        case Format::kAImm:
            return detail::kAImmSlots;
        case Format::kAccAB:
            return detail::kAAccBSlots;
    }
    return {};
}

/// True if the immediate, the last operand, may be left out and is then 0.
[[nodiscard]] constexpr bool immediate_is_optional(Opcode op) {
    return op == Opcode::kSpk || op == Opcode::kRdc || op == Opcode::kPeek;
}

// Suffixes of the mnemonic, by value of the field they set.
inline constexpr std::array<std::string_view, kConditions> kConditionSuffixes{"",   "sat", "w24",
                                                                              "wl", "w22", "w16"};
inline constexpr std::array<std::string_view, enumerators<Combine>()> kCombineSuffixes{"", "and",
                                                                                       "or", "xor"};
inline constexpr std::array<std::string_view, enumerators<Draw>()> kDrawSuffixes{"", "s"};
inline constexpr std::array<std::string_view, enumerators<Comparison>()> kComparisonSuffixes{
    "lt", "le", "gt", "ge", "eq", "ne"};
inline constexpr std::array<std::string_view, enumerators<Predicate>()> kPredicateSuffixes{"", "f",
                                                                                           "n"};
static_assert(!kConditionSuffixes.back().empty() && !kCombineSuffixes.back().empty() &&
                  !kDrawSuffixes.back().empty() && !kComparisonSuffixes.back().empty() &&
                  !kPredicateSuffixes.back().empty(),
              "the last value has no suffix");

/// The suffixes of the mode field, the first of which is empty: none written.
[[nodiscard]] constexpr std::span<const std::string_view> mode_suffixes(ModeKind kind) {
    switch (kind) {
        case ModeKind::kNone:
            return std::span{kDrawSuffixes}.first(1);
        case ModeKind::kResult:
            return kConditionSuffixes;
        case ModeKind::kCombine:
            return kCombineSuffixes;
        case ModeKind::kDraw:
            return kDrawSuffixes;
    }
    return {};
}

}  // namespace seamount::isa
