#include "tools/explore/strategy/random.hpp"

#include <algorithm>

namespace seamount::explore {

std::uint64_t Random::word() {
    const auto words = numbers_.block(static_cast<std::uint32_t>(index_),
                                      static_cast<std::uint32_t>(index_ >> 32U), stream_);
    ++index_;
    return (std::uint64_t{words[0]} << 32U) | words[1];
}

double Random::unit() {
    return static_cast<double>(word() >> 11U) * 0x1p-53;
}

std::uint64_t Random::below(std::uint64_t bound) {
    const auto scaled = static_cast<std::uint64_t>(unit() * static_cast<double>(bound));
    return std::min(scaled, bound - 1);
}

}  // namespace seamount::explore
