#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "isa/image/weights.hpp"

namespace seamount::compiler {

/// Integer weights moved up to fill the mantissa: `mantissas` * 2^`exponent` are the weights.
struct OptimisedWeights {
    std::vector<std::int32_t> mantissas;  ///< the weights, shifted to the left
    std::vector<std::int32_t> stored;     ///< the mantissas without the low bits that are all 0
    std::int32_t exponent = 0;            ///< minus the shift, -8..0
    /// Bits that hold the mantissas, sign included; 0 if all are 0 and of one sign. It can be 7,
    /// which the chip does not have, and 9 if mixed signs would lose an odd weight's lowest bit.
    std::int32_t bits = 0;
};

/// The largest shift that keeps all weights within isa::mantissa_range(mode), the opposite
/// exponent, and the fewest bits that lose nothing: what lava's optimize_weight_bits gives. Weights
/// must be within isa::mantissa_range(mode).
[[nodiscard]] OptimisedWeights optimise_weights(std::span<const std::int32_t> weights,
                                                isa::SignMode mode);

}  // namespace seamount::compiler
