#pragma once

#include <cstdint>

#include "isa/base/random_domain.hpp"

namespace seamount::explore {

/// Uniform numbers, counted rather than chained: the same (seed, stream, index) gives the same
/// number on every machine.
class Random {
public:
    Random(std::uint64_t seed, std::uint32_t stream)
        : numbers_{RandomDomain::kSearch, seed, kSearchPlace}, stream_{stream} {}

    /// In [0, 1), 53 bits.
    [[nodiscard]] double unit();
    /// In [0, bound).
    [[nodiscard]] std::uint64_t below(std::uint64_t bound);

private:
    [[nodiscard]] std::uint64_t word();

    RandomStream numbers_;
    std::uint32_t stream_;
    std::uint64_t index_ = 0;
};

}  // namespace seamount::explore
