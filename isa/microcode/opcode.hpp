#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "isa/base/name_table.hpp"

namespace seamount::isa {

/// Operand fields that an operation uses; all other fields of its word must be zero.
enum class Format : std::uint8_t {
    kNone,       ///< END
    kDstA,       ///< MOV  d, a
    kDstAB,      ///< ADD  d, a, b
    kDstAImm,    ///< SHL  d, a, n        n = 0..31
    kDstABImm,   ///< MULZ d, a, b, n     n = 0..31
    kCompare,    ///< CMP.cc a, b         cc in the immediate field, combination in the mode field
    kDstAccImm,  ///< RDC  d, a0, n       accumulator 0..3 in field a, n = 0..31
    kDstWide,    ///< LDI  d, #imm        17 bits across fields a, b and imm
    kDstImm,     ///< RND  d, n           n = 1..31
    kBranch,     ///< BF   label          distance in words, 1..131071, across fields a, b and imm
    kAImm,       ///< SPK  a, n           n = 0..31 (SPK), 0..3 (TRC)
    kAccAB,      ///< PSH  a, a0, b       accumulator 0..3 in the immediate field
};

/// What the 3-bit mode field of an operation means.
enum class ModeKind : std::uint8_t { kNone, kResult, kCombine, kDraw };

/// Conditioning of a 64-bit intermediate result before it is written (mode field of ALU
/// operations).
enum class Condition : std::uint8_t {
    kWrap32 = 0,    ///< no suffix: two's complement, 32 bits
    kSat24 = 1,     ///< .sat:  clip to +-(2^23 - 1)
    kWrap24 = 2,    ///< .w24:  two's complement, 24 bits
    kWrapLava = 3,  ///< .wl:   lava's current wrap, see fixed::wrap_lava
    kWrap22 = 4,    ///< .w22:  two's complement, 22 bits: Loihi 1's dendritic accumulator
    kWrap16 = 5,    ///< .w16:  two's complement, 16 bits
};
inline constexpr int kConditions = static_cast<int>(enumerators<Condition>());

/// CMP: F becomes the comparison, or F and/or/xor the comparison.
enum class Combine : std::uint8_t { kSet = 0, kAnd = 1, kOr = 2, kXor = 3 };
/// F after a CMP with this outcome.
[[nodiscard]] constexpr bool combine(bool flag, bool outcome, Combine how) {
    switch (how) {
        case Combine::kSet:
            return outcome;
        case Combine::kAnd:
            return flag && outcome;
        case Combine::kOr:
            return flag || outcome;
        case Combine::kXor:
            return flag != outcome;
    }
    return outcome;
}
/// CMP: signed comparison of 32-bit values.
enum class Comparison : std::uint8_t { kLt = 0, kLe = 1, kGt = 2, kGe = 3, kEq = 4, kNe = 5 };
/// RND: unsigned n bits, or symmetric around zero.
enum class Draw : std::uint8_t { kUnsigned = 0, kSymmetric = 1 };
/// Field bits 1:0: the lane executes the operation always, if F, or if not F.
enum class Predicate : std::uint8_t { kAlways = 0, kIfSet = 1, kIfClear = 2 };

enum class Opcode : std::uint8_t {
#define SM_OP(name, code, ...) k##name = (code),
#include "isa/microcode/opcodes.def"
};

struct OpInfo {
    Opcode opcode;
    std::string_view name;  ///< as in opcodes.def, "Mulz"; assembly spells it upper case
    Format format;
    ModeKind modes;
    int cycles;
    std::string_view example;
    std::string_view meaning;
};

inline constexpr auto kOpTable = std::to_array<OpInfo>({
#define SM_OP(name, code, format, modes, cycles, example, meaning) \
    {Opcode::k##name, #name, Format::format, ModeKind::modes, cycles, example, meaning},
#include "isa/microcode/opcodes.def"
});

namespace detail {
consteval bool codes_are_dense() {
    for (std::size_t i = 0; i < kOpTable.size(); ++i) {
        if (static_cast<std::size_t>(kOpTable[i].opcode) != i) return false;
    }
    return kOpTable.size() <= 32;
}
}  // namespace detail
static_assert(detail::codes_are_dense(),
              "rows of opcodes.def must be numbered 0, 1, 2, ... below 32");

[[nodiscard]] constexpr const OpInfo& info(Opcode op) {
    return kOpTable[static_cast<std::size_t>(op)];
}

/// Which fields of its word an operation uses, and the legal range of the immediate (0..0 if it has
/// none; of CMP: the Comparison).
struct Fields {
    bool dst = false;
    bool a = false;
    bool b = false;
    bool accumulator = false;
    std::int32_t min_imm = 0;
    std::int32_t max_imm = 0;
};

[[nodiscard]] constexpr Fields fields(Opcode op) {
    switch (info(op).format) {
        case Format::kNone:
            return {};
        case Format::kDstA:
            return {.dst = true, .a = true};
        case Format::kDstAB:
            return {.dst = true, .a = true, .b = true};
        case Format::kDstAImm:
            return {.dst = true, .a = true, .max_imm = 31};
        case Format::kDstABImm:
            return {.dst = true, .a = true, .b = true, .max_imm = 31};
        case Format::kCompare:
            return {
                .a = true, .b = true, .max_imm = static_cast<int>(enumerators<Comparison>()) - 1};
        case Format::kDstAccImm:
            return {.dst = true, .accumulator = true, .max_imm = 31};
        case Format::kDstWide:
            return {.dst = true, .min_imm = -65536, .max_imm = 65535};
        case Format::kDstImm:
            return {.dst = true, .min_imm = 1, .max_imm = 31};
        case Format::kBranch:
            return {.min_imm = 1, .max_imm = 131071};
        case Format::kAImm:
            return {.a = true, .max_imm = op == Opcode::kTrc ? 3 : 31};
        case Format::kAccAB:
            return {.a = true, .b = true, .accumulator = true};
    }
    return {};
}

/// How many values of the mode field are legal.
[[nodiscard]] constexpr int mode_count(ModeKind kind) {
    switch (kind) {
        case ModeKind::kNone:
            return 1;
        case ModeKind::kResult:
            return kConditions;
        case ModeKind::kCombine:
            return static_cast<int>(enumerators<Combine>());
        case ModeKind::kDraw:
            return static_cast<int>(enumerators<Draw>());
    }
    return 1;
}

// Machine size, per neuron group (isa/README.md has the picture).
inline constexpr int kRegisters = 16;      ///< r0..r15, 32 bits, zero at the start of a step
inline constexpr int kStateWords = 16;     ///< s0..s15, 32 bits, one per compartment
inline constexpr int kParameters = 16;     ///< p0..p15, 32 bits, one per group
inline constexpr int kAccumulators = 4;    ///< a0..a3, 32 bits, filled by synapses
inline constexpr int kTraceRegisters = 4;  ///< y0..y3, read by the learning engine
inline constexpr int kChannels = 32;       ///< spike channels

/// The 16 constants that an instruction can name as `#value`.
inline constexpr std::array<std::int32_t, 16> kConstants{
    0, 1, -1, 2, 4, 8, 64, 128, 255, 256, 4096, 8388607, -8388607, 32768, 65536, -2};

}  // namespace seamount::isa
