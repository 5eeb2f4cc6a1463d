#pragma once

#include <cstdint>

#include "isa/base/random_domain.hpp"

namespace seamount::compiler::frontend {

/// What a draw is for: draws of different streams are independent.
enum class Stream : std::uint32_t { kTargets = 0, kWeights = 1, kDelays = 2 };

/// The random numbers of one stream of one projection. Every number is a function of where it is
/// used (RandomDomain::kRows), so rows come out the same in any order of calls.
/// `draw` counts the draws of a row, or is the target index where a value belongs to a pair.
class RowRandom {
public:
    RowRandom(std::uint64_t seed, std::uint32_t projection, Stream stream)
        : random_{RandomDomain::kRows, seed, static_cast<std::uint32_t>(stream)},
          projection_{projection} {}

    struct Draw {
        std::uint64_t first;
        std::uint64_t second;
    };
    /// Two independent uniform 64-bit numbers.
    [[nodiscard]] Draw draw(std::uint32_t source, std::uint32_t number) const {
        const std::array<std::uint32_t, 4> r = random_.block(number, source, projection_);
        return {r[0] | std::uint64_t{r[1]} << 32U, r[2] | std::uint64_t{r[3]} << 32U};
    }

    /// Maps a uniform 64-bit number to 0..count-1; the bias is below count * 2^-64.
    [[nodiscard]] static std::uint64_t below(std::uint64_t uniform, std::uint64_t count) {
        __extension__ using Wide = unsigned __int128;
        return static_cast<std::uint64_t>(Wide{uniform} * count >> 64U);
    }

private:
    RandomStream random_;
    std::uint32_t projection_;
};

}  // namespace seamount::compiler::frontend
