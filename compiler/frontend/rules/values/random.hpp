#pragma once

#include <Random123/philox.h>

#include <cstdint>

namespace seamount::compiler::frontend {

/// What a draw is for: draws of different streams are independent.
enum class Stream : std::uint32_t { kTargets = 0, kWeights = 1, kDelays = 2 };

/// The random numbers of one stream of one projection. Every number is a function of where it is
/// used, so rows come out the same in any order of calls: Philox 4x32-10 with
///     key     = (seed bits 31..0, seed bits 63..32)
///     counter = (draw, source, projection index, stream)
/// `draw` counts the draws of a row, or is the target index where a value belongs to a pair.
class RowRandom {
public:
    RowRandom(std::uint64_t seed, std::uint32_t projection, Stream stream)
        : key_{{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32U)}},
          projection_{projection},
          stream_{static_cast<std::uint32_t>(stream)} {}

    struct Draw {
        std::uint64_t first;
        std::uint64_t second;
    };
    /// Two independent uniform 64-bit numbers.
    [[nodiscard]] Draw draw(std::uint32_t source, std::uint32_t number) const {
        const r123::Philox4x32::ctr_type r =
            r123::Philox4x32{}({{number, source, projection_, stream_}}, key_);
        return {r[0] | std::uint64_t{r[1]} << 32U, r[2] | std::uint64_t{r[3]} << 32U};
    }

    /// Maps a uniform 64-bit number to 0..count-1; the bias is below count * 2^-64.
    [[nodiscard]] static std::uint64_t below(std::uint64_t uniform, std::uint64_t count) {
        __extension__ using Wide = unsigned __int128;
        return static_cast<std::uint64_t>(Wide{uniform} * count >> 64U);
    }

private:
    r123::Philox4x32::key_type key_;
    std::uint32_t projection_;
    std::uint32_t stream_;
};

}  // namespace seamount::compiler::frontend
