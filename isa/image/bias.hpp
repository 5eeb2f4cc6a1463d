#pragma once

#include <cstdint>

namespace seamount::isa {

/// A bias as the chip stores it: effective value mantissa * 2^exponent.
struct BiasParts {
    std::int32_t mantissa = 0;  ///< -4095..4095
    std::int32_t exponent = 0;  ///< 0..7 where the value is within +-524160
    friend bool operator==(const BiasParts&, const BiasParts&) = default;
};

/// Smallest exponent whose mantissa fits 12 bits and sign, mantissa rounded half to even:
/// nengo-loihi bias_to_manexp.
[[nodiscard]] BiasParts split_bias(std::int64_t bias) noexcept;

}  // namespace seamount::isa
