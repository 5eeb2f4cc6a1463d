#pragma once

#include <cstdint>

/// Exact integer arithmetic of the chip: every width, wrap, saturation and rounding has one home
/// here. Source: spec of the Loihi 1 neurocore (currents wrap, voltages saturate) and of lava's
/// bit-accurate models.
namespace seamount::fixed {

/// Two's-complement wrap to `Bits` bits: the result is in [-2^(Bits-1), 2^(Bits-1) - 1].
template <int Bits>
[[nodiscard]] constexpr std::int32_t wrap(std::int64_t x) noexcept {
    static_assert(Bits > 1 && Bits <= 32);
    const auto raw = static_cast<std::uint64_t>(x) << (64 - Bits);
    return static_cast<std::int32_t>(static_cast<std::int64_t>(raw) >> (64 - Bits));
}

/// Clips to the symmetric range +-(2^(Bits-1) - 1), as the membrane voltage does (Bits = 24).
template <int Bits>
[[nodiscard]] constexpr std::int32_t saturate(std::int64_t x) noexcept {
    static_assert(Bits > 1 && Bits <= 32);
    constexpr std::int64_t limit = (std::int64_t{1} << (Bits - 1)) - 1;
    return static_cast<std::int32_t>(x > limit ? limit : (x < -limit ? -limit : x));
}

/// Clips to 32 bits, -2^31..2^31-1.
[[nodiscard]] constexpr std::int32_t clip32(std::int64_t x) noexcept {
    constexpr std::int64_t limit = (std::int64_t{1} << 31) - 1;
    return static_cast<std::int32_t>(x > limit ? limit : (x < -limit - 1 ? -limit - 1 : x));
}

/// lava's current wrap: 2^24 is added or subtracted once, so that +2^23 itself stays representable.
/// A sum that is out of range by more than that stays out of range, as in lava; then wrapped to 32
/// bits.
[[nodiscard]] constexpr std::int32_t wrap_lava(std::int64_t x) noexcept {
    constexpr std::int64_t half = std::int64_t{1} << 23;
    return wrap<32>(x > half ? x - 2 * half : (x <= -half ? x + 2 * half : x));
}

/// Arithmetic shift right, rounding to minus infinity. 0 <= n < 64.
[[nodiscard]] constexpr std::int64_t shift_floor(std::int64_t x, int n) noexcept {
    return x >> n;
}

/// Shift right of the magnitude, rounding toward zero. 0 <= n < 63.
[[nodiscard]] constexpr std::int64_t shift_toward_zero(std::int64_t x, int n) noexcept {
    return (x + ((x >> 63) & ((std::int64_t{1} << n) - 1))) >> n;
}

/// The decay primitive D(x, d) = sgn(x) * ((|x| * (4096 - d)) >> 12), d the effective decay
/// 0..4096.
[[nodiscard]] constexpr std::int64_t decay(std::int64_t x, std::int64_t d) noexcept {
    return shift_toward_zero(x * (4096 - d), 12);
}

}  // namespace seamount::fixed
