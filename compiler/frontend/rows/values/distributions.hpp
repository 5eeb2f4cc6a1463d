#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>

namespace seamount::compiler::frontend {

/// Two independent uniform 64-bit numbers: the four words of a block, low halves first.
struct UniformDraw {
    std::uint64_t first;
    std::uint64_t second;
};
[[nodiscard]] constexpr UniformDraw draw_of(const std::array<std::uint32_t, 4>& block) {
    return {block[0] | std::uint64_t{block[1]} << 32U, block[2] | std::uint64_t{block[3]} << 32U};
}

/// Maps a uniform 64-bit number to 0..count-1; the bias is below count * 2^-64.
[[nodiscard]] inline std::uint64_t uniform_below(std::uint64_t uniform, std::uint64_t count) {
    __extension__ using Wide = unsigned __int128;
    return static_cast<std::uint64_t>(Wide{uniform} * count >> 64U);
}

/// Maps a uniform 64-bit number to [0, 1): its upper 53 bits.
[[nodiscard]] inline double uniform_unit(std::uint64_t uniform) {
    return static_cast<double>(uniform >> 11U) * 0x1p-53;
}

/// Normal with `mean` and standard deviation `sd` (Box-Muller), not rounded.
[[nodiscard]] inline double normal_number(const UniformDraw& draw, double mean, double sd) {
    const double radius_draw = (static_cast<double>(draw.first >> 11U) + 1.0) * 0x1p-53;
    const double radius = std::sqrt(-2.0 * std::log(radius_draw));
    return mean + sd * radius * std::cos(2.0 * std::numbers::pi * uniform_unit(draw.second));
}

}  // namespace seamount::compiler::frontend
