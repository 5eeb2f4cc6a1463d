#pragma once

#include <cstdint>

#include "isa/base/name_table.hpp"

namespace seamount::isa {

/// Which signs the weights of a synapse format have: Loihi's fanout_type.
enum SignMode : std::uint8_t { kMixed = 1, kExcitatory = 2, kInhibitory = 3 };
inline constexpr auto kSignModeNames = name_table<SignMode, kMixed>(
    {{kMixed, "mixed"}, {kExcitatory, "excitatory"}, {kInhibitory, "inhibitory"}});

/// Low mantissa bits that are not stored: 8 - bits, and one more for mixed signs.
[[nodiscard]] constexpr int lost_bits(SignMode mode, int bits) noexcept {
    return 8 - bits + (mode == kMixed ? 1 : 0);
}

struct MantissaRange {
    std::int32_t min;
    std::int32_t max;
};
/// Legal mantissas before truncation: mixed -256..255, excitatory 0..255, inhibitory -255..0.
[[nodiscard]] MantissaRange mantissa_range(SignMode mode) noexcept;

/// What rounding to nearest can give: +-(2^(8-lost)-1) * 2^lost, cut to the sign of the mode.
[[nodiscard]] MantissaRange nearest_range(SignMode mode, int bits) noexcept;

/// What the chip stores of a mantissa: mixed and excitatory floor to the grid, inhibitory truncates
/// the magnitude.
[[nodiscard]] std::int32_t truncate_mantissa(std::int32_t mantissa, SignMode mode,
                                             int bits) noexcept;

/// nengo-loihi's compiler rule: nearest grid value (ties to even), clipped to nearest_range. Where
/// a negative exponent will shift grid bits out as well, the value is rounded to a multiple that
/// survives, again ties to even.
[[nodiscard]] std::int32_t round_mantissa(double mantissa, SignMode mode, int bits,
                                          int exponent = 0) noexcept;

/// Increment of the accumulator in units of u: clip(m * 2^exponent rounded down, +-32767) * 2^6.
/// `mantissa` is as stored; exponent -8..7.
[[nodiscard]] std::int32_t effective_weight(std::int32_t mantissa, int exponent) noexcept;

}  // namespace seamount::isa
