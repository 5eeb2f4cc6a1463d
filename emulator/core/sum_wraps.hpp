#pragma once

#include <cstddef>
#include <cstdint>
#include <map>

namespace seamount::emu {

/// Adds to a register of 32 bits, which wraps around. Returns how many times it did, negative:
/// downwards. `add` must be within +-2^62.
inline std::int64_t add_wrapping(std::int32_t& sum, std::int64_t add) noexcept {
    const std::int64_t exact = std::int64_t{sum} + add;
    sum = static_cast<std::int32_t>(static_cast<std::uint32_t>(exact));
    return (exact - sum) / (std::int64_t{1} << 32U);
}

/// Which registers of a ring of accumulators hold something else than what was added to them.
///
/// Turns up and down cancel, so that the order in which terms came never matters.
class SumWraps {
public:
    /// `word` of the ring went around `times` times.
    void note(std::size_t word, std::int64_t times) {
        if (times != 0) turns_[word] += times;
    }

    /// `word` is not the exact maximum, minimum or union, which lies above (1) or below (-1) it.
    void mark(std::size_t word, int side) {
        if (side != 0) turns_[word] = side;
    }

    /// How many times `word` went around so far.
    [[nodiscard]] std::int64_t turns(std::size_t word) const {
        const auto at = turns_.find(word);
        return at == turns_.end() ? 0 : at->second;
    }

    /// How many of the words [first, first + count) are not the exact sums; forgets them.
    [[nodiscard]] std::uint64_t take(std::size_t first, std::size_t count) {
        if (turns_.empty()) return 0;
        const auto begin = turns_.lower_bound(first);
        const auto end = turns_.lower_bound(first + count);
        std::uint64_t wrong = 0;
        for (auto at = begin; at != end; ++at) wrong += at->second != 0 ? 1U : 0U;
        turns_.erase(begin, end);
        return wrong;
    }

    void clear() { turns_.clear(); }

private:
    std::map<std::size_t, std::int64_t> turns_;  ///< of words with some; nearly always empty
};

}  // namespace seamount::emu
