#pragma once

#include <cstdint>
#include <utility>

namespace seamount::compiler {

/// Place of (x, y) along the Hilbert curve of a square with this side, a power of two.
[[nodiscard]] constexpr std::uint64_t hilbert_place(std::uint32_t side, std::uint32_t x,
                                                    std::uint32_t y) noexcept {
    std::uint64_t place = 0;
    for (std::uint32_t half = side / 2; half > 0; half /= 2) {
        const bool right = (x & half) != 0;
        const bool lower = (y & half) != 0;
        place = 4 * place + (right ? (lower ? 2U : 3U) : (lower ? 1U : 0U));
        if (lower) continue;
        if (right) {  // turn the quadrant so that the curve goes on where this one ends
            x = ~x;
            y = ~y;
        }
        std::swap(x, y);
    }
    return place;
}

}  // namespace seamount::compiler
