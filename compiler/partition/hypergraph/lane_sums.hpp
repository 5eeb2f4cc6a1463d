#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <span>
#include <vector>

namespace seamount::compiler {

/// Adds weights to many counters at once: a bit mask says which. The counters are bit planes, so
/// that adding one mask costs a few operations per 64 counters and no branch depends on the mask;
/// comparing all counters with a bound costs about as much.
class LaneSums {
public:
    /// `words` masks of 64 lanes.
    explicit LaneSums(std::uint32_t words) : words_{words}, planes_(std::size_t{kPlanes} * words) {
        held_.reserve(kBatch);
    }

    void clear() noexcept {
        std::fill_n(planes_.begin(), std::size_t{used_} * words_, 0);
        used_ = 0;
        held_.clear();
    }

    /// Adds `weight` to every lane of `mask`, which must stay valid until flush() or clear().
    void add(const std::uint64_t* mask, std::uint32_t weight) {
        if (weight == 1) {
            held_.push_back(mask);
            if (held_.size() == kBatch) add_batch();
            return;
        }
        for (; weight != 0; weight &= weight - 1) {
            const auto plane = static_cast<std::uint32_t>(std::countr_zero(weight));
            for (std::uint32_t w = 0; w < words_; ++w) carry_into(plane, w, mask[w]);
        }
    }

    /// Completes the sums; to be called before reading them.
    void flush() {
        for (const std::uint64_t* mask : held_) {
            for (std::uint32_t w = 0; w < words_; ++w) carry_into(0, w, mask[w]);
        }
        held_.clear();
    }

    [[nodiscard]] std::uint64_t of(std::uint32_t lane) const noexcept {
        std::uint64_t sum = 0;
        for (std::uint32_t p = 0; p < used_; ++p) {
            sum |= (planes_[std::size_t{p} * words_ + lane / 64] >> (lane % 64) & 1) << p;
        }
        return sum;
    }

    /// The largest sum among the lanes of `lanes`, one mask per word, which is used up; 0 for none.
    [[nodiscard]] std::uint64_t largest(std::span<std::uint64_t> lanes) const noexcept {
        std::uint64_t sum = 0;
        for (std::uint32_t p = used_; p-- > 0;) {
            const std::uint64_t* const plane = &planes_[std::size_t{p} * words_];
            std::uint64_t any = 0;
            for (std::uint32_t w = 0; w < words_; ++w) any |= lanes[w] & plane[w];
            if (any == 0) continue;
            for (std::uint32_t w = 0; w < words_; ++w) lanes[w] &= plane[w];
            sum |= std::uint64_t{1} << p;
        }
        return sum;
    }

    /// Which of the 64 lanes of word `w` hold at least `bound`.
    [[nodiscard]] std::uint64_t at_least(std::uint64_t bound, std::uint32_t w) const noexcept {
        if (bound >> used_ != 0) return 0;
        std::uint64_t greater = 0;
        std::uint64_t equal = ~std::uint64_t{0};
        for (std::uint32_t p = used_; p-- > 0;) {
            const std::uint64_t plane = planes_[std::size_t{p} * words_ + w];
            if ((bound >> p & 1) != 0) {
                equal &= plane;
            } else {
                greater |= equal & plane;
                equal &= ~plane;
            }
        }
        return greater | equal;
    }

private:
    static constexpr std::uint32_t kPlanes = 48;
    static constexpr std::size_t kBatch = 8;

    void carry_into(std::uint32_t plane, std::uint32_t w, std::uint64_t carry) noexcept {
        while (carry != 0) {
            std::uint64_t& sum = planes_[std::size_t{plane} * words_ + w];
            const std::uint64_t next = sum & carry;
            sum ^= carry;
            carry = next;
            ++plane;
            used_ = std::max(used_, plane);
        }
    }

    /// One level of carry-save adders: sum becomes the low bit of a + b + sum, the result the high.
    static std::uint64_t add3(std::uint64_t& sum, std::uint64_t a, std::uint64_t b) noexcept {
        const std::uint64_t half = sum ^ a;
        const std::uint64_t carry = (sum & a) | (half & b);
        sum = half ^ b;
        return carry;
    }

    void add_batch() noexcept {
        used_ = std::max(used_, 3U);
        for (std::uint32_t w = 0; w < words_; ++w) {
            std::uint64_t* ones = &planes_[w];
            std::uint64_t* twos = ones + words_;
            std::uint64_t* fours = twos + words_;
            const std::uint64_t a = add3(*ones, held_[0][w], held_[1][w]);
            const std::uint64_t b = add3(*ones, held_[2][w], held_[3][w]);
            const std::uint64_t c = add3(*ones, held_[4][w], held_[5][w]);
            const std::uint64_t d = add3(*ones, held_[6][w], held_[7][w]);
            const std::uint64_t e = add3(*twos, a, b);
            const std::uint64_t f = add3(*twos, c, d);
            carry_into(3, w, add3(*fours, e, f));
        }
        held_.clear();
    }

    std::uint32_t words_;
    std::uint32_t used_ = 0;             // planes that may be other than 0
    std::vector<std::uint64_t> planes_;  // per bit, per word of lanes
    std::vector<const std::uint64_t*> held_;
};

}  // namespace seamount::compiler
