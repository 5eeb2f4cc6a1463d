#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace seamount::compiler {

/// splitmix64: the mappers' source of numbers that look random (what a network itself
/// draws comes from elsewhere and never depends on the mapping).
[[nodiscard]] constexpr std::uint64_t scramble(std::uint64_t x) noexcept {
    x += 0x9E3779B97F4A7C15U;
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9U;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBU;
    return x ^ (x >> 31);
}

/// A stream of such numbers.
class MappingDice {
public:
    explicit MappingDice(std::uint64_t seed) noexcept : state_{scramble(seed)} {}
    [[nodiscard]] std::uint64_t next() noexcept { return scramble(state_ += 0x9E3779B97F4A7C15U); }
    /// Below `n`, which is at least 1.
    [[nodiscard]] std::uint32_t below(std::uint32_t n) noexcept {
        return static_cast<std::uint32_t>(((next() >> 32) * n) >> 32);
    }
    /// In [0, 1).
    [[nodiscard]] double unit() noexcept { return static_cast<double>(next() >> 11) * 0x1p-53; }

private:
    std::uint64_t state_;
};

/// Puts the elements into an order drawn from `dice`.
template <class T>
void shuffle(std::vector<T>& elements, MappingDice& dice) {
    for (std::size_t i = elements.size(); i > 1; --i) {
        std::swap(elements[i - 1], elements[dice.below(static_cast<std::uint32_t>(i))]);
    }
}

}  // namespace seamount::compiler
