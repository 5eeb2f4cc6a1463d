#pragma once

#include <cstdint>

#include "compiler/frontend/rows/values/distributions.hpp"
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

    using Draw = UniformDraw;
    /// Two independent uniform 64-bit numbers.
    [[nodiscard]] Draw draw(std::uint32_t source, std::uint32_t number) const {
        return draw_of(random_.block(number, source, projection_));
    }

    /// Maps a uniform 64-bit number to 0..count-1; the bias is below count * 2^-64.
    [[nodiscard]] static std::uint64_t below(std::uint64_t uniform, std::uint64_t count) {
        return uniform_below(uniform, count);
    }

private:
    RandomStream random_;
    std::uint32_t projection_;
};

}  // namespace seamount::compiler::frontend
