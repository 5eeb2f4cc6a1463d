#include "compiler/lower/quantise/quantiser.hpp"

#include <algorithm>
#include <cmath>

namespace seamount::compiler {

Quantiser::Quantiser(const Params& params)
    : params_{params}, range_{isa::mantissa_range(params.mode)}, nearest_limit_{0.0} {
    const int lost = isa::lost_bits(params.mode, params.bits);
    nearest_limit_ = std::ldexp(1.0, 8) - std::ldexp(0.5, lost);
    for (std::int32_t m = -kOffset; m < kOffset; ++m) {
        const auto i = static_cast<std::size_t>(m + kOffset);
        stored_[i] = static_cast<std::int16_t>(isa::truncate_mantissa(m, params.mode, params.bits));
        got_[i] = std::ldexp(isa::effective_weight(m, params.exponent), -6 - params.exponent);
    }
}

std::int16_t Quantiser::quantise(double asked) noexcept {
    if (params_.exact) {
        ++loss_.synapses;
        loss_.max_asked = std::max(loss_.max_asked, std::fabs(asked));
        asked_sum_ += std::fabs(asked);
        return static_cast<std::int16_t>(asked);
    }
    std::int16_t stored = 0;
    bool clipped = false;
    if (params_.rounding == WeightRounding::kNearest) {
        stored = static_cast<std::int16_t>(
            isa::round_mantissa(asked, params_.mode, params_.bits, params_.exponent));
        clipped = (params_.mode != isa::kInhibitory && asked > nearest_limit_) ||
                  (params_.mode != isa::kExcitatory && asked < -nearest_limit_) ||
                  (params_.mode == isa::kInhibitory && asked > 0.5) ||
                  (params_.mode == isa::kExcitatory && asked < -0.5);
    } else {
        const double bounded = std::clamp(asked, -1e6, 1e6);
        auto mantissa = static_cast<std::int32_t>(bounded);
        if (static_cast<double>(mantissa) != bounded) {
            mantissa = static_cast<std::int32_t>(std::nearbyint(bounded));
        }
        clipped = mantissa < range_.min || mantissa > range_.max;
        mantissa = std::clamp(mantissa, range_.min, range_.max);
        stored = stored_[static_cast<std::size_t>(mantissa + kOffset)];
    }
    const double got = got_[static_cast<std::size_t>(std::int32_t{stored} + kOffset)];
    const double error = std::fabs(asked - got);
    ++loss_.synapses;
    if (clipped) {
        ++loss_.clipped;
    } else if (error > 0.0) {
        ++loss_.truncated;
    }
    if (got == 0.0 && asked != 0.0) ++loss_.zeroed;
    loss_.max_error = std::max(loss_.max_error, error);
    loss_.max_asked = std::max(loss_.max_asked, std::fabs(asked));
    error_sum_ += error;
    shift_sum_ += got - asked;
    asked_sum_ += std::fabs(asked);
    return stored;
}

QuantisationLoss Quantiser::loss() const noexcept {
    QuantisationLoss loss = loss_;
    loss.grid = params_.exact ? 1 : 1 << isa::lost_bits(params_.mode, params_.bits);
    loss.nearest = params_.rounding == WeightRounding::kNearest;
    if (loss.synapses == 0) return loss;
    const auto synapses = static_cast<double>(loss.synapses);
    loss.mean_error = error_sum_ / synapses;
    loss.mean_shift = shift_sum_ / synapses;
    loss.mean_asked = asked_sum_ / synapses;
    return loss;
}

}  // namespace seamount::compiler
