#pragma once

#include <cstdint>

namespace seamount::isa {

/// Smallest and largest value of a quantity; by default all that 32 bits hold.
struct Range {
    std::int64_t min = -(std::int64_t{1} << 31);
    std::int64_t max = (std::int64_t{1} << 31) - 1;
    friend bool operator==(const Range&, const Range&) = default;
};

}  // namespace seamount::isa
