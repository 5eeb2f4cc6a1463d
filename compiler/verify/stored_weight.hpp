#pragma once

#include <cstdint>

#include "compiler/ir/network.hpp"

namespace seamount::compiler::verifier {

/// How the weights of a projection are stored.
struct WeightRule {
    enum Sign : std::uint8_t { kMixed = 1, kExcitatory = 2, kInhibitory = 3 };
    Sign sign = kMixed;
    std::uint32_t bits = 8;     ///< 1..8
    std::int32_t exponent = 0;  ///< -8..7
    WeightRounding rounding = WeightRounding::kTruncate;
    bool learned = false;  ///< of synapses that learned and go on to: 9 bits, nothing is lost
};

/// The mantissa that the chip stores of a weight, as NETWORK.md defines it under `bits`, `sign` and
/// `rounding`: -256..255. Written apart from compiler/lower, from the definition.
[[nodiscard]] std::int32_t stored_weight(double asked, const WeightRule& rule) noexcept;

}  // namespace seamount::compiler::verifier
