#pragma once

#include <array>
#include <cstdint>

#include "compiler/ir/network.hpp"
#include "compiler/ir/quantisation_loss.hpp"
#include "isa/image/weights.hpp"

namespace seamount::compiler {

/// Turns asked weights of one projection into stored mantissas and keeps account of what was lost.
class Quantiser {
public:
    struct Params {
        isa::SignMode mode = isa::kMixed;
        int bits = 8;
        int exponent = 0;
        WeightRounding rounding = WeightRounding::kTruncate;
        bool exact = false;  ///< weights are whole, within 9 bits, and stored as they are
    };
    explicit Quantiser(const Params& params);

    /// The stored mantissa of `asked`, which must be finite and is in mantissa units.
    [[nodiscard]] std::int16_t quantise(double asked) noexcept;

    /// Without the projection's name. An error counts as clipped if the weight was outside the
    /// range of the sign mode, else as truncated.
    [[nodiscard]] QuantisationLoss loss() const noexcept;

private:
    static constexpr std::int32_t kOffset = 256;  // of mantissa -256

    Params params_;
    isa::MantissaRange range_;
    double nearest_limit_;                  // kNearest: beyond it a weight counts as clipped
    std::array<std::int16_t, 512> stored_;  // by mantissa: what the chip stores
    std::array<double, 512> got_;           // by mantissa: its effect in units of the asked weight
    QuantisationLoss loss_;
    double error_sum_ = 0.0;
    double shift_sum_ = 0.0;
    double asked_sum_ = 0.0;
};

}  // namespace seamount::compiler
